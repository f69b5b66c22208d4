using GpuPlatform.SystemTests.Browser;
using Microsoft.Playwright;

namespace GpuPlatform.SystemTests;

[Collection(nameof(RunningSystem))]
public sealed class DashboardTests(RunningSystem system) : IAsyncLifetime
{
    /// <summary>The first call compiles the page and opens the circuit on a busy machine.</summary>
    const float TimeoutMs = 90_000;

    IPlaywright? _playwright;
    IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await Chromium.LaunchAsync(_playwright);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    [Theory]
    [InlineData("wide-dark", 1440, 1000, ColorScheme.Dark)]
    [InlineData("wide-light", 1440, 1000, ColorScheme.Light)]
    [InlineData("narrow-dark", 390, 844, ColorScheme.Dark)]
    public async Task A_simulated_sample_reaches_the_page(string name, int width, int height, ColorScheme scheme)
    {
        var gpu = await Eventually.Get("a GPU in the API", async () => (await system.GetRealtimeAsync()).Nodes.Where(node => node.NodeId.EndsWith("-simulated", StringComparison.Ordinal)).SelectMany(node => node.Gpus).FirstOrDefault());
        var errors = new List<string>();
        await using var context = await _browser!.NewContextAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = height } });
        context.SetDefaultTimeout(TimeoutMs);
        var page = await context.NewPageAsync();
        page.Console += (_, message) => { if (message.Type == "error") { errors.Add(message.Text); } };
        page.PageError += (_, error) => errors.Add(error);

        await page.GotoAsync(system.App.GetEndpoint("web", "http").ToString(), new() { Timeout = TimeoutMs });
        await page.Locator("[data-interactive=true]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        var card = page.Locator($"[data-testid=gpu-card][data-gpu-uuid='{gpu.Uuid}']");
        await card.WaitForAsync();
        await page.Locator("[data-testid=process-row]").First.WaitForAsync();
        await page.Locator("[data-testid=history-chart] canvas").First.WaitForAsync();
        await page.Locator("[data-testid=memory-by-kind] svg").First.WaitForAsync();
        var more = card.Locator("[data-testid=gpu-more]");
        await more.Locator("summary").ClickAsync();
        await more.GetByText("Core clock").WaitForAsync();
        await card.Locator("[data-testid=gpu-chips]").WaitForAsync();
        await SaveScreenshotAsync(page, name);

        Assert.Contains("MHz of 2745 MHz", await more.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains(gpu.Name, await card.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Empty(errors);
        var fits = await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth");
        Assert.True(fits, "the page scrolls sideways");
    }

    [Fact]
    public async Task The_page_changes_by_itself()
    {
        var page = await _browser!.NewPageAsync();
        page.SetDefaultTimeout(TimeoutMs);
        await page.GotoAsync(system.App.GetEndpoint("web", "http").ToString(), new() { Timeout = TimeoutMs });
        var cards = page.Locator("[data-testid=gpu-card]").First;
        await cards.WaitForAsync();
        var before = await cards.InnerTextAsync();

        await Eventually.Holds("the card shows other readings without a reload", async () => await cards.InnerTextAsync() != before);
    }

    /// <summary>Screenshots are kept beside the test results for people to look at.</summary>
    static async Task SaveScreenshotAsync(IPage page, string name)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "screenshots", $"dashboard-{name}.png");
        await page.ScreenshotAsync(new() { Path = path, FullPage = true });
        TestContext.Current.AddAttachment($"dashboard-{name}.png", await File.ReadAllBytesAsync(path), "image/png");
    }
}
