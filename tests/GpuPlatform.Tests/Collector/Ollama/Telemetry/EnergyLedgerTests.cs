using GpuPlatform.Collector.Ollama.Telemetry;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Tests.Collector.Ollama.Telemetry;

public sealed class EnergyLedgerTests : IAsyncDisposable
{
    private readonly TelemetryFixture _telemetry = new();

    public ValueTask DisposeAsync() => _telemetry.DisposeAsync();

    [Fact]
    public void A_model_on_two_gpus_takes_the_energy_of_both()
    {
        _telemetry.SampleAt(0, TelemetryFixture.Gpu(100), TelemetryFixture.Gpu(50, "GPU-b"));
        _telemetry.SampleAt(2, TelemetryFixture.Gpu(100), TelemetryFixture.Gpu(50, "GPU-b"));
        Assert.Equal(150, Take(["GPU-a", "GPU-b"], 0.5, 1.5)!.Value.Joules, 6);
    }

    [Fact]
    public void A_gpu_that_sleeps_or_fails_or_tells_no_power_makes_the_energy_unknown_not_zero()
    {
        _telemetry.SampleAt(0, TelemetryFixture.Gpu(100), TelemetryFixture.Gpu(null, "GPU-b"), TelemetryFixture.Gpu(10, "GPU-c"));
        _telemetry.SampleAt(2, TelemetryFixture.Gpu(0, state: GpuState.Sleeping), TelemetryFixture.Gpu(null, "GPU-b"), TelemetryFixture.Gpu(10, "GPU-c"));
        Assert.Null(Take(["GPU-a"], 0, 1));
        Assert.Null(Take(["GPU-b"], 0, 1));
        Assert.Null(Take(["GPU-c", "GPU-b"], 0, 1));
        Assert.Null(Take(["GPU-x"], 0, 1));
        Assert.Null(Take([], 0, 1));
        Assert.NotNull(Take(["GPU-c"], 0, 1));
    }

    [Fact]
    public void Power_counts_as_idle_only_when_no_request_ran_since_the_sample_before()
    {
        _telemetry.SampleAt(0, TelemetryFixture.Gpu(20));
        _telemetry.Ledger.Began();
        _telemetry.Ledger.Ended();
        _telemetry.SampleAt(2, TelemetryFixture.Gpu(20));
        Assert.Null(Take(["GPU-a"], 0, 1)!.Value.IdleJoules);
        _telemetry.SampleAt(4, TelemetryFixture.Gpu(20));
        _telemetry.Ledger.Began();
        _telemetry.SampleAt(6, TelemetryFixture.Gpu(200));
        _telemetry.SampleAt(8, TelemetryFixture.Gpu(200));
        _telemetry.Ledger.Ended();
        _telemetry.SampleAt(10, TelemetryFixture.Gpu(2));
        Assert.Equal(new EnergyShare(200, 20), Take(["GPU-a"], 6.5, 7.5));
    }

    [Fact]
    public void An_instance_has_no_power_of_its_own()
    {
        _telemetry.SampleAt(0, TelemetryFixture.Gpu(100), TelemetryFixture.Gpu(100, "MIG-1") with { ParentUuid = "GPU-a" });
        _telemetry.SampleAt(2, TelemetryFixture.Gpu(100), TelemetryFixture.Gpu(100, "MIG-1") with { ParentUuid = "GPU-a" });
        Assert.Null(Take(["MIG-1"], 0, 1));
    }

    [Fact]
    public void A_sample_costs_the_tick_no_memory()
    {
        var sampling = Options.Create(new SamplingOptions());
        var latest = new LatestSample(sampling, TimeProvider.System);
        using var ledger = new EnergyLedger(latest, sampling, new QuickClock());
        var snapshot = new GpuSnapshot(DateTimeOffset.UnixEpoch, new SourceInfo("nvml"), [TelemetryFixture.Gpu(100, joules: 5), TelemetryFixture.Gpu(20, "GPU-b")]);
        for (var i = 0; i < 100; i++) latest.Gpus = snapshot;
        Assert.Equal(0, Allocated.Bytes(() =>
        {
            for (var i = 0; i < 5000; i++) latest.Gpus = snapshot;
        }));
    }

    private EnergyShare? Take(string[] gpus, double from, double to) =>
        _telemetry.Ledger.Take(gpus, [new(_telemetry.Requests.At(from), _telemetry.Requests.At(to), 10)], _ => []);

    private sealed class QuickClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => _now += 2;
    }
}
