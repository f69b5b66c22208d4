using System.Diagnostics.Metrics;
using GpuPlatform.Collector.Metrics;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Guard;

/// <summary>To whom the GPUs belong, and how long it takes them to change hands.</summary>
internal sealed class GuardMetrics
{
    private readonly Histogram<double> _durations;
    private readonly Counter<long> _handOvers;
    private long _evictions;

    public GuardMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(CollectorTelemetry.Name);
        meter.CreateObservableGauge("gpuplatform_guard_state", States, unit: null, "1 for the state of the GPU in a hand-over, 0 for the others.");
        meter.CreateObservableGauge("gpuplatform_guard_throttle", () => Gpus.Select(gpu => new Measurement<int>((int)gpu.Throttle, Tags(gpu))), unit: null,
            "0 while the GPU is not spared, 1 while few generations may run, 2 while none may begin.");
        _handOvers = meter.CreateCounter<long>("gpuplatform_guard_handovers_total", unit: null, "Times a GPU began to be handed over, by cause.");
        _durations = meter.CreateHistogram("gpuplatform_guard_step_duration_seconds", unit: null, "Time in a state of a hand-over, by state.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60, 600, 3600, 21_600] });
    }

    /// <summary>The GPUs as of the last round.</summary>
    public IReadOnlyList<Gpu> Gpus { get; set; } = [];

    /// <summary>Models that were unloaded to give a GPU away, since start.</summary>
    public long EvictionCount => Interlocked.Read(ref _evictions);

    public void CountEvictions(int count) => Interlocked.Add(ref _evictions, count);

    public void Count(GuardChanged change)
    {
        if (change.To == GuardState.Draining) _handOvers.Add(1, new KeyValuePair<string, object?>("cause", WireWord.Of(change.Cause)));
        if (change.From != GuardState.Serving && change.InStateMs is { } ms) _durations.Record(ms / 1e3, new KeyValuePair<string, object?>("state", WireWord.Of(change.From)));
    }

    private IEnumerable<Measurement<int>> States() =>
        from gpu in Gpus
        from state in Enum.GetValues<GuardState>()
        select new Measurement<int>(gpu.State == state ? 1 : 0, [.. Tags(gpu), new("state", WireWord.Of(state))]);

    private static KeyValuePair<string, object?>[] Tags(Gpu gpu) => [new("uuid", gpu.Uuid), new("gpu", gpu.Index.ToString())];

    /// <summary>One GPU.</summary>
    internal sealed record Gpu(string Uuid, int Index, GuardState State, ThrottleLevel Throttle);
}
