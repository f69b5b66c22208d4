using System.Diagnostics.Metrics;
using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Ollama.Models;
using GpuPlatform.Collector.Sampling;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Metrics;

/// <summary>
/// The last sample under the collector's own names. What the driver did not say, and what is no longer the present, is no measurement: a missing
/// series, never a zero. No unit is set on the instruments because their names carry it.
/// </summary>
internal sealed class SampleMetrics
{
    private readonly LatestSample _latest;
    private readonly TimeSpan _heartbeatLife;
    private readonly TimeProvider _clock;

    public SampleMetrics(IMeterFactory meters, LatestSample latest, PresentGpus present, IOptions<MetricsOptions> options, IOptions<SamplingOptions> sampling, IVerdicts verdicts, TimeProvider clock)
    {
        (_latest, _clock) = (latest, clock);
        _heartbeatLife = sampling.Value.HostInterval * SamplingOptions.StaleAfterIntervals;
        var meter = meters.Create(CollectorTelemetry.Name);
        var gpus = new GpuMeasurements(meter, present, Identity);
        var processes = new ProcessMetrics(latest, verdicts);
        IEnumerable<GpuMetric> metrics = [.. TickMetrics.Table, .. DetailMetrics.Table, .. FactMetrics.Table, .. processes.Sums];
        foreach (var metric in options.Value.Processes ? metrics.Concat(processes.EachProcess) : metrics)
        {
            if (metric.Row.IsCounter)
                gpus.Counter(metric.Row.Name, unit: null, metric.Row.Help, metric.Read);
            else
                gpus.Gauge(metric.Row.Name, unit: null, metric.Row.Help, metric.Read);
        }
        foreach (var metric in HostMetrics.Table)
            meter.CreateObservableGauge(metric.Row.Name, () => Measure(metric), unit: null, metric.Row.Help);
    }

    /// <summary>Every metric that has a row of its own in the documentation.</summary>
    public static IEnumerable<MetricRow> Rows =>
        TickMetrics.Table.Concat(DetailMetrics.Table).Concat(FactMetrics.Table).Select(metric => metric.Row)
            .Concat(ProcessMetrics.Rows).Concat(HostMetrics.Table.Select(metric => metric.Row)).Concat(LoopMetrics.Rows).Concat(ModelMetrics.Rows);

    private static KeyValuePair<string, object?>[] Identity(GpuView view) =>
        [new("uuid", view.Sample.Uuid), new("gpu", view.Sample.Index.ToString()), new("name", view.Sample.Name)];

    private IEnumerable<Measurement<double>> Measure(HostMetric metric) => _latest.Host is { } host && _clock.GetUtcNow() - host.SampledAt <= _heartbeatLife
        ? metric.Read(host).OfType<MetricValue>().Select(value => new Measurement<double>(value.Value, value.Labels ?? []))
        : [];
}
