using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GpuPlatform.Contracts;
using GpuPlatform.SystemTests.Browser;
using GpuPlatform.SystemTests.Ingest;
using Microsoft.Playwright;

namespace GpuPlatform.SystemTests.Guard;

/// <summary>A GPU of some host is asked for by way of History, and by a click, and its own collector hands it over.</summary>
[Collection(nameof(RunningSystem))]
public sealed class YieldFromAfarTests(RunningSystem system)
{
    /// <summary>The first call compiles the page and opens the circuit on a busy machine.</summary>
    const float TimeoutMs = 90_000;

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    [Fact]
    public async Task A_gpu_of_any_host_is_given_away_and_taken_back_through_history()
    {
        await using var node = await StartAsync();
        (await node.AskAsync()).Dispose();
        await using (var publisher = await RawPublisher.ConnectAsync(system))
        {
            await publisher.PublishTextAsync<NodeAsked>("nonsense");
        }

        await Eventually.Holds("nonsense is counted", async () =>
            (await node.Api.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Contains("gpuplatform_questions_ignored_total{reason=\"unreadable\"} 1", StringComparison.Ordinal));
        var clock = Stopwatch.StartNew();
        var given = await PostAsync(Routes.GuardYield, new { node = node.Id, minutes = 30, reason = "film night" });
        TestContext.Current.SendDiagnosticMessage($"from the request to the collector's answer {clock.ElapsedMilliseconds} ms");
        Assert.Equal(HttpStatusCode.OK, given.Status);
        var report = JsonSerializer.Deserialize<GuardReport>(given.Body, Json)!;
        Assert.Equal((node.Id, true, "given away by hand: film night"), (report.NodeId, report.Gpus[0].Manual, report.Gpus[0].Reason));
        Assert.NotNull(report.Gpus[0].ManualUntil);
        await node.IsAsync(GuardState.Yielded);
        Assert.Null(node.Ollama.Models.RunnerOf(GuardedNode.Model));

        var back = await PostAsync(Routes.GuardResume, new { node = node.Id, gpu = report.Gpus[0].GpuUuid });
        Assert.Equal(HttpStatusCode.OK, back.Status);
        await node.IsAsync(GuardState.Serving);

        var story = await Eventually.Get("History knows the story", async () => await node.StoryAsync() is { Count: >= 4 } steps && steps[^1].To == GuardState.Serving ? steps : null);
        Assert.Equal((GuardCause.Manual, GuardState.Draining), (story[0].Cause, story[0].To));
        Assert.Equal("taken back by hand", story.Find(step => step.From == GuardState.Yielded)!.Reason);
        // From the request to History, by the guard's steps, to their rows
        await Eventually.Holds("one trace holds it", () => system.Otlp.Spans.ToLookup(span => span.TraceId).Any(trace =>
            trace.Any(span => span.Service == "history" && span.Name.Contains(Routes.GuardYield, StringComparison.Ordinal))
            && new[] { "answer question", "hand over gpu", "gpu evicting" }.All(name => trace.Any(span => span.Name == name))));
    }

    [Fact]
    public async Task A_host_whose_collector_has_gone_is_not_waited_for_longer_than_it_is_said()
    {
        await using var node = await StartAsync();
        await node.KillCollectorAsync();

        Assert.Equal(HttpStatusCode.GatewayTimeout, (await PostAsync(Routes.GuardYield, new { node = node.Id })).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(Routes.GuardYield, new { node = "nobody" })).Status);

        // What nobody took is not done later
        await node.StartCollectorAsync();
        await KnownAsync(node);
        Assert.Equal((GuardState.Serving, false), ((await node.GpuAsync()).State, (await node.GpuAsync()).Manual));
    }

    [Fact]
    public async Task The_rack_says_where_a_model_fits()
    {
        await using var node = await StartAsync();
        (await node.AskAsync()).Dispose();
        using var history = system.App.CreateHttpClient("history");

        var placement = await Eventually.Get("it is in memory there", async () =>
            await history.GetFromJsonAsync<RackPlacement>($"{Routes.Placement}?model={GuardedNode.Model}", Json, TestContext.Current.CancellationToken) is { Fit: PlacementFit.Resident } found ? found : null);
        Assert.Equal(node.Id, placement.NodeId);
        Assert.Contains(placement.Nodes, other => other.NodeId != node.Id && other.Reason.StartsWith("it does not have the model yet", StringComparison.Ordinal));
        var capacity = (await history.GetFromJsonAsync<RackCapacity>(Routes.Capacity, Json, TestContext.Current.CancellationToken))!;
        var mine = capacity.Nodes.Single(one => one.NodeId == node.Id);
        Assert.Equal((null, true), (mine.Problem, mine.Capacity!.Gpus[0].ReclaimableBytes > 0));
        Assert.InRange(mine.AgeSeconds!.Value, 0, 60);
        Assert.Equal(PlacementFit.Never, (await history.GetFromJsonAsync<RackPlacement>($"{Routes.Placement}?vram=4000GiB", Json, TestContext.Current.CancellationToken))!.Fit);
    }

    [Fact]
    public async Task A_click_gives_it_to_the_person_and_another_gives_it_back()
    {
        await using var node = await StartAsync();
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        await using var context = await browser.NewContextAsync();
        context.SetDefaultTimeout(TimeoutMs);
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(system.App.GetEndpoint("web", "http"), $"/hand-overs?node={node.Id}").ToString(), new() { Timeout = TimeoutMs });
        await page.Locator("[data-interactive=true]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        var buttons = page.Locator("[data-testid=guard-buttons]").First;

        await buttons.Locator("input").FillAsync("30");
        await buttons.Locator("[data-choice=yield]").ClickAsync();
        await node.IsAsync(GuardState.Yielded);
        Assert.NotNull((await node.GpuAsync()).ManualUntil);
        await Assertions.Expect(page.Locator("[data-testid=guard]").First).ToHaveAttributeAsync("data-state", "yielded", new() { Timeout = TimeoutMs });

        await buttons.Locator("[data-choice=resume]").ClickAsync();
        await node.IsAsync(GuardState.Serving);
        await Assertions.Expect(buttons.Locator("[role=status]")).ToHaveTextAsync("The models may use it.", new() { Timeout = TimeoutMs });

        await page.GotoAsync(new Uri(system.App.GetEndpoint("web", "http"), $"/models?node={node.Id}").ToString(), new() { Timeout = TimeoutMs });
        await page.Locator("[data-interactive=true]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        var fit = page.Locator("[data-testid=fit]");
        await fit.Locator("input").FillAsync("4000 GiB");
        await fit.Locator("button").ClickAsync();
        await Assertions.Expect(fit.Locator("[role=status]")).ToHaveTextAsync("4000.0 GiB: never fits on any host that answers.", new() { Timeout = TimeoutMs });
        await Assertions.Expect(fit.Locator("li").Filter(new() { HasText = node.Id })).ToContainTextAsync("are needed", new() { Timeout = TimeoutMs });
    }

    // Switched off: whatever else is on this machine takes no GPU, and a person still does
    async Task<GuardedNode> StartAsync()
    {
        var node = await GuardedNode.StartAsync(system, ("Guard__Enabled", "false"));
        await KnownAsync(node);
        return node;
    }

    Task KnownAsync(GuardedNode node) => Eventually.Holds("History knows the host", async () =>
        (await system.GetRealtimeAsync()).Nodes.Any(known => known.NodeId == node.Id && known is { Stale: false, Gpus.Count: > 0 }));

    async Task<(HttpStatusCode Status, string Body)> PostAsync(string path, object body)
    {
        using var history = system.App.CreateHttpClient("history");
        using var answer = await history.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
