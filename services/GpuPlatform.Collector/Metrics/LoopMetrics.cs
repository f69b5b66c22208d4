using System.Diagnostics.Metrics;
using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Collector.Metrics;

/// <summary>What the collector says of its own work: old readings must be known for old by whoever only sees the metrics.</summary>
internal sealed class LoopMetrics
{
    private static readonly MetricRow Samples = Row("gpuplatform_gpu_samples_total", "ticks", "", "Ticks on which GPUs were read and the result was sent.");
    private static readonly MetricRow Age = Row("gpu_sample_age_seconds", "s", "", "Time since the GPUs were last read.");
    private static readonly MetricRow GameMode = Row("gpuplatform_game_mode", "0 or 1", "", "1 while a game runs and dear driver calls are left out.");
    private static readonly MetricRow Duration = Row("gpuplatform_tick_duration_seconds", "s", "loop", "How long the last tick took.");
    private static readonly MetricRow Success = Row("gpuplatform_tick_success_timestamp_seconds", "Unix time, s", "loop", "When a tick last ended well.");

    public LoopMetrics(IMeterFactory meters, LatestSample latest, SamplingPace pace, TimeProvider clock, Func<IReadOnlyList<TickLoop>> loops)
    {
        var meter = meters.Create(CollectorTelemetry.Name);
        meter.CreateObservableCounter(Samples.Name, () => latest.SampleCount, unit: null, Samples.Help);
        Gauge(meter, GameMode, () => [new(pace.GameMode ? 1 : 0)]);
        Gauge(meter, Age, () => latest.Gpus.SampledAt is { } at ? [new(Math.Max(0, (clock.GetUtcNow() - at).TotalSeconds))] : []);
        Gauge(meter, Duration, () => loops().SelectMany(loop => Of(loop, loop.LastDuration?.TotalSeconds)));
        Gauge(meter, Success, () => loops().SelectMany(loop => Of(loop, loop.LastSucceededAt?.ToUnixTimeMilliseconds() / 1e3)));
    }

    public static IReadOnlyList<MetricRow> Rows { get; } = [Samples, Age, GameMode, Duration, Success];

    private static void Gauge(Meter meter, MetricRow row, Func<IEnumerable<Measurement<double>>> observe) =>
        meter.CreateObservableGauge(row.Name, observe, unit: null, row.Help);

    private static IEnumerable<Measurement<double>> Of(TickLoop loop, double? value) =>
        value is { } known ? [new(known, new KeyValuePair<string, object?>("loop", loop.Name))] : [];

    private static MetricRow Row(string name, string unit, string labels, string help) => new(name, unit, labels, help, "the sampler", MetricCost.None);
}
