using System.Globalization;
using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Contracts;
using static GpuPlatform.Tests.Collector.Guard.GuardProcesses;

namespace GpuPlatform.Tests.Collector.Guard;

/// <summary>A GPU that stays given away, while those who have it come and go.</summary>
public sealed class HolderChangeTests
{
    private static readonly GpuProcessObserved Game = Process(7, "game");
    private static readonly GpuProcessObserved Other = Process(8, "other");

    [Fact]
    public async Task Who_has_the_gpu_after_another_is_told_in_the_same_story()
    {
        using var host = await YieldedAsync();
        var (before, since) = (host.Publisher.Changes.Count, host.Guard.Report().Gpus[0].Since);
        host.Starts(Other, WorkloadKind.Gaming);
        host.Pass(10);
        Assert.Equal((before, 7), (host.Publisher.Changes.Count, host.Guard.Report().Gpus[0].Process!.Pid));

        host.Ends(Game);

        var passed = Assert.Single(host.Publisher.Changes.Skip(before));
        Assert.Equal((GuardState.Yielded, GuardState.Yielded, GuardCause.Process, 8), (passed.From, passed.To, passed.Cause, passed.Process!.Pid));
        Assert.StartsWith("other is gaming", passed.Reason, StringComparison.Ordinal);
        Assert.Equal((host.Publisher.Changes[0].HandOverId, null), (passed.HandOverId, passed.InStateMs));
        Assert.True(passed.ChangedAt > host.Publisher.Changes[before - 1].ChangedAt);
        var gpu = host.Guard.Report().Gpus[0];
        Assert.Equal((8, since, passed.Reason), (gpu.Process!.Pid, gpu.Since, gpu.Reason));
        Assert.Equal(passed.Reason, host.Gate.Settings[ModelServer.Ollama].Reason);
        host.Pass(60);
        Assert.Equal(before + 1, host.Publisher.Changes.Count);
    }

    [Fact]
    public async Task It_is_one_hand_over_of_one_length_however_many_have_the_gpu()
    {
        using var host = await YieldedAsync();
        host.Pass(100);
        host.Starts(Other, WorkloadKind.Rendering);
        host.Ends(Game);
        host.Pass(100);
        host.Ends(Other);
        host.Pass(16);
        await host.UntilAsync(GuardState.Serving);

        var end = host.Publisher.Changes.Single(change => change is { From: GuardState.Yielded, To: GuardState.Warming });
        Assert.StartsWith("other has left", end.Reason, StringComparison.Ordinal);
        Assert.InRange(end.InStateMs!.Value, 215_000, 217_000);
        var page = await host.ScrapeAsync();
        Assert.Equal(1, Value(page, "gpuplatform_guard_handovers_total{"));
        Assert.Equal(1, Value(page, "gpuplatform_guard_step_duration_seconds_count{state=\"yielded\"}"));
        Assert.InRange(Value(page, "gpuplatform_guard_step_duration_seconds_sum{state=\"yielded\"}"), 215, 217);
        Assert.Equal(1, host.Metrics.EvictionCount);
    }

    [Fact]
    public async Task Who_is_gone_within_the_debounce_has_had_nothing()
    {
        using var host = await YieldedAsync();
        var before = host.Publisher.Changes.Count;
        host.Ends(Game);
        for (var pid = 20; pid < 30; pid++)
        {
            host.Starts(Process(pid, "launcher"), WorkloadKind.Gaming);
            host.Ends(Process(pid, "launcher"));
            host.Pass(1);
        }
        Assert.Equal((before, 7), (host.Publisher.Changes.Count, host.Guard.Report().Gpus[0].Process!.Pid));

        host.Starts(Other, WorkloadKind.Gaming);
        Assert.Equal(before, host.Publisher.Changes.Count);
        host.Pass(0.5);
        Assert.Equal(8, Assert.Single(host.Publisher.Changes.Skip(before)).Process!.Pid);
    }

    [Fact]
    public async Task A_person_the_clock_and_a_late_verdict_are_told_of_too()
    {
        using var host = await YieldedAsync();
        var before = host.Publisher.Changes.Count;
        host.Guard.Choose(null, new ManualChoice(true, host.Clock.GetUtcNow().AddSeconds(20), "film night"));
        host.Pass(25);
        host.Verdicts.Say(7, WorkloadKind.Rendering);
        host.Pass(1);

        Assert.Equal(
            [(GuardCause.Manual, null), (GuardCause.Process, WorkloadKind.Gaming), (GuardCause.Process, (WorkloadKind?)WorkloadKind.Rendering)],
            host.Publisher.Changes.Skip(before).Select(change => (change.Cause, change.Process?.Kind)));
        Assert.All(host.Publisher.Changes.Skip(before), change => Assert.Equal((GuardState.Yielded, GuardState.Yielded), (change.From, change.To)));
    }

    [Fact]
    public async Task A_fault_whose_errors_become_more_is_told_once()
    {
        using var host = new GuardFixture();
        host.Sample(details: Errors(1));
        host.Pass(1);
        await host.UntilAsync(GuardState.Yielded);
        var before = host.Publisher.Changes.Count;
        for (var count = 2; count < 6; count++) host.Sample(details: Errors(count));

        Assert.Equal(before, host.Publisher.Changes.Count);
        Assert.StartsWith("5 uncorrected", host.Guard.Report().Gpus[0].Reason, StringComparison.Ordinal);

        static GpuDetails Errors(long count) => new() { Ecc = new GpuEcc { UncorrectedVolatileCount = count } };
    }

    [Fact]
    public void What_keeps_models_from_leaving_is_told_with_whoever_has_the_gpu_now()
    {
        using var host = new GuardFixture();
        host.Eviction.Resident.Add("llama3");
        host.Sample();
        host.Eviction.Hangs = true;
        host.Starts(Game, WorkloadKind.Gaming);
        host.Pass(40);
        Assert.Equal(GuardState.Yielded, host.State);
        host.Starts(Other, WorkloadKind.Gaming);
        host.Ends(Game);
        host.Pass(1);

        var (gpu, told) = (host.Guard.Report().Gpus[0], host.Publisher.Changes[^1]);
        Assert.Equal((8, 8), (gpu.Process!.Pid, told.Process!.Pid));
        Assert.StartsWith("other is gaming", gpu.Reason, StringComparison.Ordinal);
        Assert.Contains("ollama has llama3", gpu.Reason, StringComparison.Ordinal);
        Assert.Equal(gpu.Reason, told.Reason);
    }

    [Fact]
    public async Task The_same_game_after_a_restart_is_no_news_and_another_one_is()
    {
        using var first = await YieldedAsync();
        using var same = new GuardFixture(before: first);
        same.Starts(Game, WorkloadKind.Gaming);
        same.Pass(5);
        Assert.Empty(same.Publisher.Changes);

        using var another = new GuardFixture(before: first);
        another.Starts(Other, WorkloadKind.Gaming);
        another.Pass(5);
        var passed = Assert.Single(another.Publisher.Changes);
        Assert.Equal((GuardState.Yielded, 8, first.Publisher.Changes[0].HandOverId), (passed.From, passed.Process!.Pid, passed.HandOverId));
    }

    private static async Task<GuardFixture> YieldedAsync()
    {
        var host = new GuardFixture();
        host.Eviction.Resident.Add("llama3");
        host.Sample();
        host.Starts(Game, WorkloadKind.Gaming);
        host.Pass(1);
        await host.UntilAsync(GuardState.Yielded);
        return host;
    }

    private static double Value(string page, string series)
    {
        var line = Assert.Single(page.Split('\n'), line => line.StartsWith(series, StringComparison.Ordinal));
        return double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
    }
}
