using System.Buffers;
using System.Globalization;
using System.Text;

namespace GpuPlatform.ServiceDefaults.Prometheus;

/// <summary>Writes families in the text exposition format 0.0.4.</summary>
internal sealed class ExpositionWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(16 * 1024);

    public ReadOnlyMemory<byte> WrittenMemory => _buffer.WrittenMemory;

    public void Write(MetricFamily family, IReadOnlyList<InstrumentSeries> instruments)
    {
        if (family.Bounds is { } bounds) WriteHistogram(family, bounds, Merge<HistogramSeries, HistogramPoint>(instruments, s => s.Read(), (a, b, _) => a.Plus(b)));
        else WriteScalars(family, Merge<ScalarSeries, double>(instruments, s => s.Value, (a, b, additive) => additive ? a + b : b));
    }

    // Labels that read the same are one series to Prometheus, whatever they were before: a name given twice fails the whole scrape.
    private static SortedDictionary<string, TPoint> Merge<TSeries, TPoint>(
        IReadOnlyList<InstrumentSeries> instruments, Func<TSeries, TPoint> read, Func<TPoint, TPoint, bool, TPoint> merge) where TSeries : Series
    {
        var points = new SortedDictionary<string, TPoint>(StringComparer.Ordinal);
        foreach (var instrument in instruments)
        {
            foreach (var series in instrument.Series.Cast<TSeries>())
            {
                var point = read(series);
                points[series.Labels] = points.TryGetValue(series.Labels, out var other) ? merge(other, point, instrument.Shape.IsAdditive) : point;
            }
        }

        return points;
    }

    private void WriteScalars(MetricFamily family, SortedDictionary<string, double> points)
    {
        if (points.Count == 0) return;
        WriteHead(family);
        foreach (var (labels, value) in points) WriteSample(family.Name, "", labels, null, value);
    }

    private void WriteHistogram(MetricFamily family, double[] bounds, SortedDictionary<string, HistogramPoint> points)
    {
        if (points.Count == 0) return;
        WriteHead(family);
        foreach (var (labels, point) in points)
        {
            var count = 0L;
            for (var i = 0; i < point.Counts.Length; i++)
            {
                count += point.Counts[i];
                WriteSample(family.Name, "_bucket", labels, i < bounds.Length ? Number(bounds[i]) : "+Inf", count);
            }

            WriteSample(family.Name, "_sum", labels, null, point.Sum);
            WriteSample(family.Name, "_count", labels, null, count);
        }
    }

    private void WriteHead(MetricFamily family)
    {
        var type = family.Kind switch { MetricKind.Counter => "counter", MetricKind.Gauge => "gauge", _ => "histogram" };
        Append($"# HELP {family.Name} {LabelText.EscapeHelp(family.Help)}\n# TYPE {family.Name} {type}\n");
    }

    private void WriteSample(string name, string suffix, string labels, string? bound, double value)
    {
        Append(name);
        Append(suffix);
        if (labels.Length > 0 || bound is not null)
        {
            Append("{");
            Append(labels);
            if (bound is not null) Append($"{(labels.Length > 0 ? "," : "")}le=\"{bound}\"");
            Append("}");
        }

        Append(" ");
        Append(Number(value));
        Append("\n");
    }

    private void Append(string text) => Encoding.UTF8.GetBytes(text, _buffer);

    private static string Number(double value) =>
        double.IsNaN(value) ? "NaN"
        : double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);
}
