using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Contracts;
using static GpuPlatform.Tests.Collector.Guard.GuardProcesses;

namespace GpuPlatform.Tests.Collector.Guard;

/// <summary>What outlives a run, and several GPUs.</summary>
public sealed class HostGuardStateTests
{
    private static readonly GpuProcessObserved Game = Process(7, "game");

    [Fact]
    public async Task A_collector_that_was_killed_while_yielded_comes_back_yielded_and_looks_again()
    {
        using var first = new GuardFixture();
        first.Eviction.Resident.Add("llama3");
        first.Sample();
        first.Starts(Game, WorkloadKind.Gaming);
        first.Pass(1);
        await first.UntilAsync(GuardState.Yielded);
        var story = first.Guard.Report().Gpus[0].HandOverId;

        using var second = new GuardFixture(before: first);
        Assert.False(second.Gate.IsOpen());
        second.Starts(Game, WorkloadKind.Gaming);
        second.Pass(60);
        Assert.Equal((GuardState.Yielded, story), (second.State, second.Guard.Report().Gpus[0].HandOverId));

        using var third = new GuardFixture(before: first);
        third.Sample();
        third.Pass(16);
        await third.UntilAsync(GuardState.Serving);
        Assert.Equal(["warm llama3"], third.Eviction.Calls);
        Assert.All(third.Publisher.Changes, change => Assert.Equal(story, change.HandOverId));
    }

    [Fact]
    public async Task Where_the_driver_cannot_be_read_after_a_restart_the_models_have_it_in_the_end()
    {
        using var first = new GuardFixture();
        first.Sample();
        first.Guard.Choose(null, new ManualChoice(true, first.Clock.GetUtcNow().AddSeconds(5), null));
        await first.UntilAsync(GuardState.Yielded);
        using var second = new GuardFixture(before: first);
        second.Pass(50);
        Assert.False(second.Gate.IsOpen());
        second.Pass(40);
        await second.UntilAsync(GuardState.Serving);
    }

    [Fact]
    public async Task What_a_person_said_holds_over_a_restart_until_its_time()
    {
        using var first = new GuardFixture();
        first.Sample();
        first.Guard.Choose(null, new ManualChoice(true, first.Clock.GetUtcNow().AddMinutes(10), "film night"));
        await first.UntilAsync(GuardState.Yielded);
        using var second = new GuardFixture(before: first);
        second.Sample();
        second.Pass(300);
        Assert.Equal(GuardState.Yielded, second.State);
        second.Pass(310);
        await second.UntilAsync(GuardState.Serving);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"version\":2}")]
    [InlineData("{\"version\":1,\"gpus\":[null]}")]
    [InlineData("{\"version\":1,\"gpus\":[{\"gpuUuid\":\"GPU-a\",\"state\":{}}]}")]
    public void A_file_that_cannot_be_used_is_as_none(string text)
    {
        using var first = new GuardFixture();
        first.Tree.Write("state/guard-desk.json", text);
        using var second = new GuardFixture(before: first);
        second.Sample();
        Assert.True(second.Gate.IsOpen());
        Assert.Empty(second.Guard.Report().Problems);
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_told_and_stops_nothing()
    {
        using var host = new GuardFixture();
        host.Tree.Write("state", "a file where a folder is wanted");
        host.Sample();
        host.Starts(Game, WorkloadKind.Gaming);
        host.Pass(1);
        Assert.False(host.Gate.IsOpen());
        Assert.Contains(host.Guard.Report().Problems, problem => problem.Contains("guard-desk.json", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_gpu_that_is_not_listed_for_a_moment_keeps_its_state_and_one_that_is_gone_ends_its_story()
    {
        using var host = new GuardFixture(gpus: ["GPU-a", "GPU-b"]);
        host.Sample();
        host.Pass(120);
        host.Guard.Choose("GPU-a", new ManualChoice(true, null, "mine"));
        await host.UntilAsync(GuardState.Yielded);
        Show(host.Latest.Gpus.Gpus.Where(gpu => gpu.Uuid == "GPU-b"));
        host.Pass(30);
        Assert.False(host.Gate.IsOpen());

        host.Sample();
        Assert.Equal(GuardState.Yielded, host.State);
        Show(host.Latest.Gpus.Gpus.Where(gpu => gpu.Uuid == "GPU-b"));
        host.Pass(61);

        Assert.True(host.Gate.IsOpen());
        var end = host.Publisher.Changes[^1];
        Assert.Equal(("GPU-a", GuardState.Yielded, GuardState.Serving, host.Publisher.Changes[0].HandOverId), (end.GpuUuid, end.From, end.To, end.HandOverId));

        void Show(IEnumerable<GpuSample> gpus) => host.Latest.Gpus = host.Latest.Gpus with { Gpus = [.. gpus] };
    }

    [Fact]
    public async Task A_clock_that_is_set_back_prolongs_nothing()
    {
        using var host = new GuardFixture();
        host.Sample();
        host.Guard.Choose(null, new ManualChoice(true, host.Clock.GetUtcNow().AddMinutes(10), "film night"));
        await host.UntilAsync(GuardState.Yielded);
        host.Clock.Setting = TimeSpan.FromDays(-1);
        host.Pass(601);
        await host.UntilAsync(GuardState.Serving);
    }

    [Fact]
    public async Task A_word_of_a_newer_release_in_the_file_costs_that_word_alone()
    {
        using var first = new GuardFixture();
        first.Tree.Write("state/guard-desk.json", """
            {"version":1,"gpus":[{"gpuUuid":"GPU-a","state":"lent","cause":"whim","reason":"x","models":[],"manual":{"yields":true,"reason":"mine"}}]}
            """);
        using var second = new GuardFixture(before: first);
        Assert.False(second.Gate.IsOpen());
        second.Sample();
        second.Pass(60);
        Assert.Contains("mine", second.Guard.Report().Gpus[0].Reason, StringComparison.Ordinal);
        second.Guard.Choose(null, new ManualChoice(false, null, null));
        await second.UntilAsync(GuardState.Serving);
    }

    [Fact]
    public void A_server_whose_model_is_on_another_gpu_stays_open()
    {
        using var host = new GuardFixture(gpus: ["GPU-a", "GPU-b"]);
        host.Sample();
        var runner = Process(50, "ollama", GpuContext.Compute, gpu: "GPU-b") with { CommandLine = ["ollama", "runner"] };
        host.Starts(runner);
        host.Starts(Game, WorkloadKind.Gaming);
        host.Pass(1);
        Assert.Equal((GuardState.Yielded, true), (host.State, host.Gate.IsOpen()));
        // Nobody knows where the next model will go
        host.Ends(runner);
        Assert.False(host.Gate.IsOpen());
    }

    [Fact]
    public void Memory_that_comes_into_use_without_a_word_is_looked_into()
    {
        using var host = new GuardFixture();
        host.Sample();
        var looks = host.LookCount;
        Use(4.05);
        Assert.Equal(looks, host.LookCount);
        Use(4.3);
        Use(4.3);
        Assert.Equal(looks + 1, host.LookCount);
        // Less, and then more again, is somebody else
        Use(1);
        Use(2);
        Assert.Equal(looks + 2, host.LookCount);

        void Use(double gibibytes)
        {
            var view = host.Latest.Gpus.Views[0] with { Sample = host.Latest.Gpus.Gpus[0] with { MemoryUsedBytes = (long)(gibibytes * GiB) } };
            host.Latest.Gpus = host.Latest.Gpus with { Gpus = [view.Sample], Views = [view] };
            host.Guard.Round();
        }
    }

    [Fact]
    public async Task Quiet_hours_and_games_that_announce_themselves_take_it_too()
    {
        using var host = new GuardFixture(new GuardOptions { QuietHours = "12:30-13:00" });
        var local = TimeZoneInfo.ConvertTime(host.Clock.GetUtcNow(), host.Clock.LocalTimeZone);
        host.Clock.Advance(local.Date.AddHours(36.4) - local.DateTime);
        host.Sample();
        Assert.True(host.Gate.IsOpen());
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        host.Sample();
        await host.UntilAsync(GuardState.Yielded);
        Assert.Equal(GuardCause.QuietHours, host.Publisher.Changes[0].Cause);
        host.Clock.Advance(TimeSpan.FromMinutes(30));
        host.Sample();
        await host.UntilAsync(GuardState.Serving);
        host.Games.Say("GameMode has a game, eldenring");
        host.Sample();
        Assert.False(host.Gate.IsOpen());
    }
}
