using GpuPlatform.Contracts;
using GpuPlatform.SystemTests.Browser;
using GpuPlatform.SystemTests.Ingest;
using Microsoft.Playwright;

namespace GpuPlatform.SystemTests;

/// <summary>What model servers do, on its way from the broker to the Models page.</summary>
[Collection(nameof(RunningSystem))]
public sealed class ModelsTests(RunningSystem system) : IngestTest(system)
{
    const float TimeoutMs = 90_000;
    const string Hostile = "<img src=x onerror=alert(1)>\"'&";

    static readonly LlmClient Alice = new() { Name = "alice", Source = LlmClientSource.Key };

    readonly List<string> _errors = [];

    [Theory]
    [InlineData("wide-dark", 1440, 1000, ColorScheme.Dark)]
    [InlineData("narrow-light", 390, 844, ColorScheme.Light)]
    public async Task Models_and_requests_reach_the_page_and_a_filter_lives_in_its_address(string name, int width, int height, ColorScheme scheme)
    {
        var node = new TestNode();
        await Publisher.PublishAsync(Completed(node, "llama3.2:3b", Alice));
        await Publisher.PublishAsync(Completed(node, Hostile, Alice with { Name = "bob" }));
        await Publisher.PublishAsync(Completed(node, "llama3.2:3b", Alice) with { Outcome = LlmOutcome.Failed, Error = "the runner has stopped", CompletionTokens = null });
        await using var talk = new Talk(Publisher, node, Activity(node, Answering()));
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var page = await OpenAsync(browser, $"/models?range=24h&node={node.NodeId}", width, height, scheme);

        await page.Locator("[data-testid=server-card]").GetByText("100 % GPU").WaitForAsync();
        await page.Locator("[data-testid=running-row]").GetByText("answering").WaitForAsync();
        await page.Locator("[data-testid=running-row] canvas").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await page.Locator("[data-testid=totals]").GetByText("1 failed").WaitForAsync();
        await page.Locator("[data-testid=tokens-chart] canvas").WaitForAsync();
        await page.Locator("[data-testid=request-trouble]").GetByText("the runner has stopped").WaitForAsync();
        await page.Locator("[data-testid=by-model]").GetByText(Hostile).WaitForAsync();
        await page.Locator("[data-testid=request-row] .process-toggle").First.ClickAsync();
        await page.Locator("[data-testid=request-details]").GetByText("Queue and rest").WaitForAsync();
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), "the page scrolls sideways");
        await SaveScreenshotAsync(page, name);

        await page.Locator("[data-testid=by-client]").GetByText("bob").ClickAsync();
        await page.HasAddressAsync("client=bob");
        await page.Locator("[data-testid=totals]").GetByText("all ended well").WaitForAsync();
        await page.ReloadAsync();
        await page.Locator("[data-testid=totals]").GetByText("all ended well").WaitForAsync();
        Assert.Equal("bob", await page.Locator("[data-filter=client]").InputValueAsync());
        Assert.Equal(1, await page.Locator("[data-testid=request-row]").CountAsync());
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task Without_a_request_the_page_tells_how_to_send_one()
    {
        var node = new TestNode();
        await using var talk = new Talk(Publisher, node, Activity(node));
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var page = await OpenAsync(browser, "/", 1440, 1000, ColorScheme.Dark);

        // From the overview by keyboard, as a reader without a mouse comes here
        await page.Locator(".main-nav").GetByText("Models").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Locator(".main-nav [aria-current=page]").GetByText("Models").WaitForAsync();
        // The overview, which is still there for a moment, has such a picker too
        await page.Locator(".models-page[data-interactive=true]").WaitForAsync();
        await page.Locator(".node-filter select").SelectOptionAsync(node.NodeId);
        await page.HasAddressAsync($"node={node.NodeId}");
        var help = page.Locator("[data-testid=connect-help]").First;
        await help.GetByText("OLLAMA_HOST=127.0.0.1:4711 ollama run").First.WaitForAsync();
        await help.Locator("[data-copy]").First.ClickAsync();

        await page.Locator("[data-copied=yes]").WaitForAsync();
        Assert.Equal("OLLAMA_HOST=127.0.0.1:4711 ollama run llama3.2:3b", await page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        Assert.Contains($"node={node.NodeId}", page.Url, StringComparison.Ordinal);
        Assert.Empty(_errors);
    }

    async Task<IPage> OpenAsync(IBrowser browser, string address, int width, int height, ColorScheme scheme)
    {
        var context = await browser.NewContextAsync(new()
        {
            ColorScheme = scheme, ViewportSize = new() { Width = width, Height = height }, Permissions = ["clipboard-read", "clipboard-write"],
        });
        context.SetDefaultTimeout(TimeoutMs);
        var page = await context.NewPageAsync();
        page.Console += (_, message) => { if (message.Type == "error") { _errors.Add(message.Text); } };
        page.PageError += (_, error) => _errors.Add(error);
        page.Dialog += (_, dialog) => _errors.Add($"dialog: {dialog.Message}");
        await page.GotoAsync(new Uri(Running.App.GetEndpoint("web", "http"), address).ToString(), new() { Timeout = TimeoutMs });
        await page.Locator("[data-interactive=true]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        return page;
    }

    static async Task SaveScreenshotAsync(IPage page, string name)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "screenshots", $"models-{name}.png");
        await page.ScreenshotAsync(new() { Path = path, FullPage = true });
        TestContext.Current.AddAttachment($"models-{name}.png", await File.ReadAllBytesAsync(path), "image/png");
    }

    static LlmRequestCompleted Completed(TestNode node, string model, LlmClient client) => new()
    {
        NodeId = node.NodeId,
        RequestId = Guid.CreateVersion7(),
        StartedAt = node.At(10),
        DurationMs = 2500,
        Server = "ollama",
        Endpoint = "/api/chat",
        Api = LlmApi.Ollama,
        Operation = "chat",
        Model = model,
        Client = client,
        Streaming = true,
        Outcome = LlmOutcome.Ok,
        StatusCode = 200,
        PromptTokens = 100,
        CompletionTokens = 50,
        TimeToFirstTokenMs = 300,
        TimePerOutputTokenMs = 20,
        TokensPerSecondDecode = 50,
        EnergyJoules = 25,
    };

    static LlmRunningRequest Answering() => new()
    {
        RequestId = Guid.CreateVersion7(),
        StartedAt = DateTimeOffset.UtcNow,
        AgeMs = 3000,
        Server = "ollama",
        Endpoint = "/api/chat",
        Model = Hostile,
        Client = Alice,
        Phase = LlmPhase.Answering,
        Tokens = 120,
        TokensPerSecond = 40,
    };

    static LlmActivity Activity(TestNode node, params LlmRunningRequest[] running) => new()
    {
        NodeId = node.NodeId,
        SampledAt = node.At(0),
        Servers =
        [
            new LlmServer
            {
                Name = "ollama", Address = "http://127.0.0.1:4711", Upstream = "http://127.0.0.1:4710", Reachable = true, Version = "0.12.6",
                Resident = [new ResidentModel { Name = "llama3.2:3b", SizeBytes = 3L << 30, VramBytes = 3L << 30 }],
            },
        ],
        InFlight = running,
        InFlightCount = running.Length,
    };

    /// <summary>A collector that goes on telling of the same activity, so that its host does not fall silent.</summary>
    sealed class Talk : IAsyncDisposable
    {
        readonly CancellationTokenSource _ended = new();
        readonly Task _talking;

        public Talk(RawPublisher publisher, TestNode node, LlmActivity activity) => _talking = SayAsync(publisher, node, activity);

        async Task SayAsync(RawPublisher publisher, TestNode node, LlmActivity activity)
        {
            using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
            do
            {
                var now = DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
                await publisher.PublishAsync(node.Heartbeat(0) with { SampledAt = now });
                await publisher.PublishAsync(activity with { SampledAt = now });
            }
            while (!_ended.IsCancellationRequested && await second.WaitForNextTickAsync());
        }

        public async ValueTask DisposeAsync()
        {
            await _ended.CancelAsync();
            await _talking;
            _ended.Dispose();
        }
    }
}
