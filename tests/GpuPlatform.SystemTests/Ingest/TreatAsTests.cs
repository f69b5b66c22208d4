using GpuPlatform.Contracts;
using GpuPlatform.SystemTests.Browser;
using Microsoft.Playwright;

namespace GpuPlatform.SystemTests.Ingest;

/// <summary>"Treat it as …" on the page, by the classifier that runs: what it takes, what it refuses, and what is told when it is away.</summary>
[Collection(nameof(RunningSystem))]
public sealed class TreatAsTests(RunningSystem system) : IngestTest(system)
{
    const float TimeoutMs = 90_000;
    const int Job = 11, Script = 12;

    [Fact]
    public async Task A_program_is_what_its_user_says_until_that_is_taken_back()
    {
        var node = new TestNode();
        // Of this run alone: a rule that a broken run leaves behind meets nobody
        var program = $"job-{Guid.NewGuid():n}"[..15];
        await PublishAsync(node, program);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var page = await OpenAsync(browser, node);

        var row = await ToggleAsync(page, program);
        await row.GetByText("general").WaitForAsync();
        await SayAsync(page, "rendering");
        await Expect(page).ToContainTextAsync("Saved");
        await row.GetByText("rendering").WaitForAsync();
        await page.GetByText("you said that it is rendering").First.WaitForAsync();

        await page.Locator("[data-testid=take-back]").ClickAsync();
        await Expect(page).ToContainTextAsync("Taken back");
        await row.GetByText("general").WaitForAsync();
    }

    [Fact]
    public async Task The_path_of_an_interpreter_is_refused_in_the_classifiers_words_and_its_script_is_taken()
    {
        var node = new TestNode();
        var script = $"/srv/{Guid.NewGuid():n}.py";
        await PublishAsync(node, $"job-{Guid.NewGuid():n}"[..15], script);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var page = await OpenAsync(browser, node);

        var row = await ToggleAsync(page, "python3");
        await SayAsync(page, "mining");
        await Expect(page).ToContainTextAsync("python3.12 runs many programs");
        await page.Locator("[data-choice=match]").SelectOptionAsync(new SelectOptionValue { Label = $"/usr/bin/python3.12 with {script}" });
        await SayAsync(page, "mining");
        await Expect(page).ToContainTextAsync("Saved");
        await row.GetByText("mining").WaitForAsync();
        await page.Locator("[data-testid=take-back]").ClickAsync();
        await Expect(page).ToContainTextAsync("Taken back");
    }

    [Fact]
    public async Task Without_a_classifier_it_says_so_and_the_page_stays_whole()
    {
        var node = new TestNode();
        var program = $"job-{Guid.NewGuid():n}"[..15];
        await PublishAsync(node, program);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var page = await OpenAsync(browser, node);
        await ToggleAsync(page, program);
        await Running.App.ResourceCommands.ExecuteCommandAsync("classifier", KnownResourceCommands.StopCommand);
        try
        {
            await SayAsync(page, "rendering");
            await Expect(page).ToContainTextAsync("Not saved: no connection to the classifier.");
        }
        finally
        {
            await Running.App.ResourceCommands.ExecuteCommandAsync("classifier", KnownResourceCommands.StartCommand);
            await Running.App.ResourceNotifications.WaitForResourceHealthyAsync("classifier", TestContext.Current.CancellationToken);
        }
    }

    async Task PublishAsync(TestNode node, string program, string script = "/srv/job.py")
    {
        await Publisher.PublishAsync(node.Heartbeat(0));
        await Publisher.PublishAsync(node.Observed(Job, ProcessChange.Started, 0, program, 1L << 30) with { ExecutablePath = $"/opt/{program}", CommandLine = [$"/opt/{program}"] });
        await Publisher.PublishAsync(node.Observed(Script, ProcessChange.Started, 0, "python3", 1L << 30) with
        {
            ExecutablePath = "/usr/bin/python3.12", CommandLine = ["python3", "-u", script],
        });
        await Publisher.PublishAsync(node.Tick(1, [node.Usage(Job), node.Usage(Script)]));
        await Publisher.FenceAsync();
    }

    async Task<IPage> OpenAsync(IBrowser browser, TestNode node)
    {
        var context = await browser.NewContextAsync();
        context.SetDefaultTimeout(TimeoutMs);
        var page = await context.NewPageAsync();
        await page.GotoAsync(Running.App.GetEndpoint("web", "http").ToString(), new() { Timeout = TimeoutMs });
        await page.Locator("[data-interactive=true]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await page.Locator(".node-filter select").SelectOptionAsync(node.NodeId);
        return page;
    }

    static async Task<ILocator> ToggleAsync(IPage page, string program)
    {
        var row = page.Locator("[data-testid=process-row]").Filter(new() { HasText = program });
        await Assertions.Expect(row).ToHaveCountAsync(1, new() { Timeout = TimeoutMs });
        await row.Locator("[data-testid=why]").ClickAsync();
        await page.Locator("[data-testid=treat-as]").WaitForAsync();
        return row;
    }

    static async Task SayAsync(IPage page, string kind)
    {
        await page.Locator("[data-choice=kind]").SelectOptionAsync(kind);
        await page.Locator("[data-testid=treat-as]").GetByText("From now on").ClickAsync();
    }

    static Answer Expect(IPage page) => new(page.Locator("[data-testid=treat-answer]"));

    readonly record struct Answer(ILocator Place)
    {
        public Task ToContainTextAsync(string words) => Assertions.Expect(Place).ToContainTextAsync(words, new() { Timeout = TimeoutMs });
    }
}
