using GpuPlatform.Contracts;
using GpuPlatform.SystemTests.Browser;
using Microsoft.Playwright;

namespace GpuPlatform.SystemTests.Ingest;

/// <summary>A hand-over, what was on the GPU, and a verdict, as a browser shows them.</summary>
[Collection(nameof(RunningSystem))]
public sealed class HandOverPageTests(RunningSystem system) : IngestTest(system)
{
    /// <summary>The first call compiles the page and opens the circuit on a busy machine.</summary>
    const float TimeoutMs = 90_000;

    const int Game = 7;

    [Theory]
    [InlineData("wide-dark", 1440, 1000, ColorScheme.Dark)]
    [InlineData("narrow-light", 390, 844, ColorScheme.Light)]
    public async Task The_story_of_a_hand_over_is_told_and_a_verdict_explains_itself(string name, int width, int height, ColorScheme scheme)
    {
        var node = new TestNode();
        var story = await PublishAsync(node);
        var errors = new List<string>();
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        await using var context = await browser.NewContextAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = height } });
        context.SetDefaultTimeout(TimeoutMs);
        var page = await context.NewPageAsync();
        page.Console += (_, message) => { if (message.Type == "error") { errors.Add(message.Text); } };
        page.PageError += (_, error) => errors.Add(error);
        var web = Running.App.GetEndpoint("web", "http");

        await page.GotoAsync(new Uri(web, $"/hand-overs?node={node.NodeId}").ToString(), new() { Timeout = TimeoutMs });
        var card = page.Locator($"[data-hand-over='{story}']");
        await card.WaitForAsync();
        var told = await card.InnerTextAsync();
        await SaveScreenshotAsync(page, $"hand-overs-{name}");
        var sideways = await IsSidewaysAsync(page);

        var used = await ReadUsageAsync(page, new Uri(web, $"/usage?node={node.NodeId}"));
        await SaveScreenshotAsync(page, $"usage-{name}");
        sideways |= await IsSidewaysAsync(page);

        var (state, rules) = await ReadWhyAsync(page, web, node);
        await SaveScreenshotAsync(page, $"why-{name}");

        Assert.Contains("To witcher3.exe", told, StringComparison.Ordinal);
        Assert.Contains("600 ms", told, StringComparison.Ordinal);
        Assert.Contains("20.0 GiB → 2.0 GiB", told, StringComparison.Ordinal);
        Assert.Contains("under way", told, StringComparison.Ordinal);
        Assert.Contains("witcher3.exe", used, StringComparison.Ordinal);
        Assert.Contains("8.0 GiB", used, StringComparison.Ordinal);
        Assert.Contains("It runs from a Steam library.", rules, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(("yielded", false), (state, sideways));
        Assert.Empty(errors);
    }

    async Task<Guid> PublishAsync(TestNode node)
    {
        FiredRule[] rules =
        [
            new() { Name = "gaming/steam-library", Kind = WorkloadKind.Gaming, Confidence = 0.97, Reason = "it runs from a Steam library" },
            new() { Name = "general/wine", Kind = WorkloadKind.General, Confidence = 0.5, Reason = "a Windows program under Wine." },
        ];
        await Publisher.PublishAsync(node.Heartbeat(0));
        await Publisher.PublishAsync(node.Observed(Game, ProcessChange.Started, 0, "witcher3.exe", 8L << 30));
        await Publisher.PublishAsync(node.Verdict(Game, WorkloadKind.Gaming, 0) with { Rule = rules[0].Name, Reason = rules[0].Reason, Rules = rules });
        foreach (var seconds in (int[])[0, 10, 20, 58])
        {
            await Publisher.PublishAsync(node.Tick(seconds, [node.Usage(Game, 8L << 30) with { SmPercent = 90 }]));
        }

        var step = new GuardChanged
        {
            NodeId = node.NodeId, GpuUuid = node.GpuUuid, ChangedAt = node.At(1), HandOverId = Guid.NewGuid(), From = GuardState.Serving, To = GuardState.Draining,
            Cause = GuardCause.Process, Reason = "witcher3.exe plays, 8.0 GiB", MemoryUsedBytes = 20L << 30, MemoryUsedBeforeBytes = 20L << 30, Models = ["qwen3:14b"],
            Process = new GuardProcess { Pid = Game, StartedAt = node.Started, Name = "witcher3.exe", Kind = WorkloadKind.Gaming },
        };
        await Publisher.PublishAsync(step);
        await Publisher.PublishAsync(step with
        {
            ChangedAt = node.At(1.2), From = GuardState.Draining, To = GuardState.Evicting, Cause = GuardCause.Done, Reason = "all streams ended", CancelledCount = 1,
        });
        await Publisher.PublishAsync(step with
        {
            ChangedAt = node.At(1.6), From = GuardState.Evicting, To = GuardState.Yielded, Cause = GuardCause.Done, Reason = "all models are gone",
            MemoryUsedBytes = 2L << 30, HeldCount = 3, CancelledCount = 1,
        });
        await Publisher.FenceAsync();
        return step.HandOverId;
    }

    static async Task<string> ReadUsageAsync(IPage page, Uri address)
    {
        await page.GotoAsync(address.ToString(), new() { Timeout = TimeoutMs });
        await page.Locator("[data-testid=kind-usage] canvas").WaitForAsync();
        await page.Locator("[data-filter=kind]").SelectOptionAsync("gaming");
        await page.HasAddressAsync("kind=gaming");
        await page.Locator("[aria-busy=true]").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        return await page.Locator("[data-testid=session-row]").InnerTextAsync();
    }

    static async Task<(string? State, string Rules)> ReadWhyAsync(IPage page, Uri address, TestNode node)
    {
        await page.GotoAsync(address.ToString(), new() { Timeout = TimeoutMs });
        await page.Locator("[data-interactive=true]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await page.Locator(".node-filter select").SelectOptionAsync(node.NodeId);
        var row = page.Locator("[data-testid=process-row]").Filter(new() { HasText = "witcher3.exe" });
        await Assertions.Expect(row).ToHaveCountAsync(1, new() { Timeout = TimeoutMs });
        await row.Locator("[data-testid=why]").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        var rules = await page.Locator("[data-testid=fired-rules]").InnerTextAsync();
        return (await page.Locator("[data-testid=guard]").GetAttributeAsync("data-state"), rules);
    }

    static Task<bool> IsSidewaysAsync(IPage page) => page.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth");

    static Task<byte[]> SaveScreenshotAsync(IPage page, string name)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "screenshots");
        Directory.CreateDirectory(folder);
        return page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }
}
