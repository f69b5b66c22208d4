using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Collector.Guard;

/// <summary>What heat and faults do.</summary>
public sealed class HostGuardFaultTests
{
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
    public void A_hot_gpu_that_falls_asleep_keeps_nobody_waiting()
    {
        using var host = Held();
        host.Sample(celsius: null, state: GpuState.Sleeping);
        Assert.Equal(GateSetting.Open, host.Gate.Settings[ModelServer.Ollama]);
    }

    [Fact]
    public void A_hot_gpu_that_no_longer_says_how_hot_it_is_keeps_nobody_waiting_for_ever()
    {
        using var host = Held();
        host.Sample(celsius: null);
        Assert.Equal(0, host.Gate.Settings[ModelServer.Ollama].Limit);
        for (var second = 0; second < 61; second++) Second();
        Assert.Equal(1, host.Gate.Settings[ModelServer.Ollama].Limit);
        for (var second = 0; second < 60; second++) Second();
        Assert.Equal(GateSetting.Open, host.Gate.Settings[ModelServer.Ollama]);

        void Second()
        {
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            host.Sample(celsius: null);
        }
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
    public async Task What_is_wrong_with_a_gpu_is_wrong_with_it_while_it_sleeps_too()
    {
        using var host = new GuardFixture();
        host.Sample(details: new GpuDetails { Ecc = new GpuEcc { UncorrectedVolatileCount = 2 } });
        await host.UntilAsync(GuardState.Yielded);
        host.Sample(celsius: null, state: GpuState.Sleeping);
        host.Pass(60);
        Assert.Equal(GuardState.Yielded, host.State);
        // Seen while it sleeps: when it wakes it is no news
        host.Guard.Choose(null, new ManualChoice(false, null, null));
        await host.UntilAsync(GuardState.Serving);
        host.Sample(details: new GpuDetails { Ecc = new GpuEcc { UncorrectedVolatileCount = 2 } });
        host.Pass(30);
        Assert.Equal(GuardState.Serving, host.State);
    }

    [Fact]
    public async Task What_the_driver_asks_for_can_have_been_seen_like_all_else()
    {
        using var host = new GuardFixture();
        host.Sample(details: new GpuDetails { RecoveryAction = GpuRecoveryAction.Reset });
        await host.UntilAsync(GuardState.Yielded);
        host.Guard.Choose(null, new ManualChoice(false, null, null));
        await host.UntilAsync(GuardState.Serving);
        host.Sample(details: new GpuDetails { RecoveryAction = GpuRecoveryAction.Reset });
        host.Pass(30);
        Assert.Equal(GuardState.Serving, host.State);
        host.Sample(details: new GpuDetails { RecoveryAction = GpuRecoveryAction.Reboot });
        Assert.False(host.Gate.IsOpen());
    }

    [Fact]
    public void An_instance_is_as_hot_and_as_ill_as_the_gpu_it_is_a_part_of()
    {
        using var host = new GuardFixture(gpus: ["GPU-a", "MIG-1"]);
        host.Llm.Current = [];
        Sample(celsius: 85, null);
        Assert.Equal([("GPU-a", ThrottleLevel.Limited), ("MIG-1", ThrottleLevel.Limited)], host.Guard.Report().Gpus.Select(gpu => (gpu.GpuUuid, gpu.Throttle)));
        Sample(celsius: 50, new GpuDetails { Ecc = new GpuEcc { UncorrectedVolatileCount = 2 } });
        Assert.All(host.Guard.Report().Gpus, gpu => Assert.NotEqual(GuardState.Serving, gpu.State));

        host.Guard.Choose("MIG-1", new ManualChoice(false, null, null));

        host.Pass(20);
        Assert.Equal(GuardState.Serving, host.Guard.Report().Gpus.Single(gpu => gpu.GpuUuid == "MIG-1").State);

        void Sample(double celsius, GpuDetails? details)
        {
            GpuSample whole = new() { Uuid = "GPU-a", Index = 0, Name = "Card", TemperatureCelsius = celsius, Details = details };
            GpuSample part = new() { Uuid = "MIG-1", Index = 1, Name = "Card", ParentUuid = "GPU-a" };
            host.Latest.Gpus = new GpuSnapshot(host.Clock.GetUtcNow(), new SourceInfo("nvml"), [whole, part]) { Views = [GpuView.Next(host.Latest.Gpus.ViewOf("GPU-a"), whole, host.Clock.GetUtcNow()), new GpuView(part)] };
            host.Guard.Round();
        }
    }

    private static GuardFixture Held()
    {
        var host = new GuardFixture();
        host.Sample(celsius: 92);
        host.Sample(celsius: 92);
        Assert.Equal(0, host.Gate.Settings[ModelServer.Ollama].Limit);
        return host;
    }
}
