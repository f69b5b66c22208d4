using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Metrics;

/// <summary>What it takes to have a reading.</summary>
internal enum MetricCost
{
    /// <summary>Nothing: it is known already.</summary>
    None,

    /// <summary>Read on every tick, microseconds.</summary>
    Tick,

    /// <summary>Read every <c>Sampling:DetailInterval</c>, up to milliseconds, not while a game runs.</summary>
    Details,

    /// <summary>Read every <c>Sampling:ProcessInterval</c>, milliseconds: the dearest call.</summary>
    Processes,
}

/// <summary>One metric as the documentation lists it. <paramref name="Labels"/> are those beside the GPU's identity.</summary>
internal sealed record MetricRow(string Name, string Unit, string Labels, string Help, string Source, MetricCost Cost)
{
    public bool IsCounter => Name.EndsWith("_total", StringComparison.Ordinal);
}

/// <summary>One value with its labels.</summary>
internal readonly record struct MetricValue(double Value, params KeyValuePair<string, object?>[] Labels)
{
    public static MetricValue? Of(double? value, string label, string text) => value is { } known ? new(known, new KeyValuePair<string, object?>(label, text)) : null;

    public static MetricValue? Of(bool? value) => value is { } known ? new(known ? 1 : 0) : null;
}

/// <summary>One metric of a GPU and how to find its values. Null is no value: a missing series, never a zero.</summary>
internal sealed record GpuMetric(MetricRow Row, Func<GpuView, IEnumerable<MetricValue?>> Read)
{
    public static GpuMetric Tick(string name, string unit, string help, string source, Func<GpuSample, double?> value) =>
        new(new MetricRow(name, unit, "", help, source, MetricCost.Tick), view => [value(view.Sample) is { } known ? new MetricValue(known) : null]);

    public static GpuMetric Detail(string name, string unit, string help, string source, Func<GpuDetails, double?> value) =>
        Details(name, unit, "", help, source, details => [value(details) is { } known ? new MetricValue(known) : null]);

    public static GpuMetric Details(
        string name, string unit, string labels, string help, string source, Func<GpuDetails, IEnumerable<MetricValue?>> values) =>
        new(new MetricRow(name, unit, labels, help, source, MetricCost.Details), view => view.Details is { } details ? values(details) : []);

    public static GpuMetric Facts(string name, string unit, string labels, string help, string source, Func<GpuFacts, IEnumerable<MetricValue?>> values) =>
        Details(name, unit, labels, help, source, details => details.Facts is { } facts ? values(facts) : []);
}
