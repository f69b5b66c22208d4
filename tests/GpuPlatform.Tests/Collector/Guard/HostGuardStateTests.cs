using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Contracts;
using static GpuPlatform.Tests.Collector.Guard.GuardProcesses;

namespace GpuPlatform.Tests.Collector.Guard;

/// <summary>What outlives a run, what faults and heat do, and several GPUs.</summary>
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
    [InlineData("{\"version\":1,\"gpus\":[{\"gpuUuid\":\"GPU-a\",\"state\":\"nonsense\"}]}")]
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
    public async Task A_lost_gpu_and_grave_errors_close_the_gate_and_a_person_can_have_seen_them()
    {
        using var host = new GuardFixture();
        host.Sample();
        host.Sample(details: new GpuDetails { Xids = [new GpuXid { Code = 31, Count = 3, LastAt = host.Clock.GetUtcNow() }] });
        Assert.True(host.Gate.IsOpen());
        host.Sample(details: new GpuDetails { Xids = [new GpuXid { Code = 48, Count = 1, LastAt = host.Clock.GetUtcNow() }], Ecc = new GpuEcc { UncorrectedVolatileCount = 2 } });
        Assert.False(host.Gate.IsOpen());
        Assert.Equal(GuardCause.Fault, host.Publisher.Changes[0].Cause);
        Assert.Contains("XID 48", host.Guard.Report().Gpus[0].Reason, StringComparison.Ordinal);
        await host.UntilAsync(GuardState.Yielded);
        host.Guard.Choose(null, new ManualChoice(false, null, null));
        await host.UntilAsync(GuardState.Serving);
        host.Pass(60);
        Assert.Equal(GuardState.Serving, host.State);
        host.Sample(details: new GpuDetails { Ecc = new GpuEcc { UncorrectedVolatileCount = 3 } });
        Assert.False(host.Gate.IsOpen());
        host.Guard.Choose(null, new ManualChoice(false, null, null));
        host.Sample(state: GpuState.Lost);
        Assert.False(host.Gate.IsOpen());
    }

    [Fact]
    public void A_hot_gpu_is_spared_until_it_is_cool()
    {
        using var host = new GuardFixture();
        host.Sample();
        host.Sample(celsius: 85);
        Assert.Equal(new GateSetting(1, WaitingPolicy.Hold, "the GPU has 85 °C"), host.Gate.Settings[ModelServer.Ollama]);
        host.Pass(60);
        host.Sample(celsius: 86);
        Assert.Equal(0, host.Gate.Settings[ModelServer.Ollama].Limit);
        host.Sample(celsius: 83);
        Assert.Equal(1, host.Gate.Settings[ModelServer.Ollama].Limit);
        host.Sample(celsius: 80);
        Assert.Equal(GateSetting.Open, host.Gate.Settings[ModelServer.Ollama]);
        Assert.Equal([ThrottleLevel.Limited, ThrottleLevel.Held, ThrottleLevel.Limited, ThrottleLevel.None], host.Publisher.Changes.Select(change => change.Throttle));
        Assert.All(host.Publisher.Changes, change => Assert.Equal((GuardState.Serving, GuardState.Serving, GuardCause.Heat), (change.From, change.To, change.Cause)));
        Assert.Single(host.Publisher.Changes.Select(change => change.HandOverId).Distinct());
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
