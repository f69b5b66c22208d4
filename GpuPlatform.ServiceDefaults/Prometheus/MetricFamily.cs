namespace GpuPlatform.ServiceDefaults.Prometheus;

/// <summary>One metric name of the exposition with the instruments that feed it.</summary>
/// <param name="meterName">Meter of the first instrument; those of other meters are told apart by a label.</param>
/// <param name="bounds">Upper bounds of the buckets; null when it is no histogram.</param>
internal sealed class MetricFamily(string name, MetricKind kind, string help, string meterName, double[]? bounds)
{
    public string Name => name;

    public MetricKind Kind => kind;

    public string Help => help;

    public string MeterName => meterName;

    public double[]? Bounds => bounds;

    public List<InstrumentSeries> Instruments { get; } = [];

    /// <summary>Every sample name the family may write: no other family may write the same.</summary>
    public IEnumerable<string> SampleNames => kind == MetricKind.Histogram ? [name, name + "_bucket", name + "_sum", name + "_count"] : [name];
}
