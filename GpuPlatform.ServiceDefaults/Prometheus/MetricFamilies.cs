using System.Diagnostics.Metrics;

namespace GpuPlatform.ServiceDefaults.Prometheus;

/// <summary>Gives each instrument its place in the exposition. Two instruments never make one name mean two things.</summary>
internal sealed class MetricFamilies(int seriesCapacity)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, MetricFamily> _bySampleName = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Meter, string Instrument), string> _rejected = [];

    /// <summary>Instruments that could not be shown, each with the reason.</summary>
    public IReadOnlyList<(string Meter, string Instrument, string Reason)> Rejected
    {
        get { lock (_gate) return [.. _rejected.Select(entry => (entry.Key.Meter, entry.Key.Instrument, entry.Value))]; }
    }

    /// <summary>The store for an instrument's measurements, or null when its name is taken for something else.</summary>
    public InstrumentSeries? Add(Instrument instrument)
    {
        if (InstrumentShape.Of(instrument) is not { } shape) return Reject(instrument, "its kind is not known");

        var unit = MetricUnit.Of(instrument.Unit, shape.Kind);
        var isVerbatim = instrument.Meter.Name.StartsWith(MeterNames.ScrapedOnlyPrefix, StringComparison.Ordinal);
        var name = isVerbatim ? MetricName.Verbatim(instrument.Name) : MetricName.For(instrument.Name, unit, shape.Kind);
        var bounds = shape.Kind == MetricKind.Histogram ? HistogramBounds.Of(instrument, unit) : null;
        lock (_gate)
        {
            if (!_bySampleName.TryGetValue(name, out var family))
            {
                family = new(name, shape.Kind, Help(instrument), instrument.Meter.Name, bounds);
                if (family.SampleNames.FirstOrDefault(_bySampleName.ContainsKey) is { } taken) return Reject(instrument, $"{taken} belongs to another metric");
                foreach (var sample in family.SampleNames) _bySampleName.Add(sample, family);
            }
            else if (family.Name != name || family.Kind != shape.Kind)
            {
                return Reject(instrument, $"{name} is a {family.Kind} already");
            }
            else if (bounds is not null && !bounds.SequenceEqual(family.Bounds!))
            {
                return Reject(instrument, $"{name} has other buckets already");
            }

            var scope = instrument.Meter.Name == family.MeterName ? null : instrument.Meter.Name;
            var series = new InstrumentSeries(instrument, shape, unit, family, scope, seriesCapacity);
            family.Instruments.Add(series);
            return series;
        }
    }

    public void Remove(InstrumentSeries series)
    {
        lock (_gate)
        {
            foreach (var family in _bySampleName.Values.Distinct().ToArray())
            {
                if (!family.Instruments.Remove(series) || family.Instruments.Count > 0) continue;
                foreach (var sample in family.SampleNames) _bySampleName.Remove(sample);
            }
        }
    }

    /// <summary>The families in the order of their names, each with its instruments at this moment.</summary>
    public IReadOnlyList<(MetricFamily Family, InstrumentSeries[] Instruments)> Snapshot()
    {
        lock (_gate)
        {
            return [.. _bySampleName.Values.Distinct().OrderBy(family => family.Name, StringComparer.Ordinal)
                .Select(family => (family, family.Instruments.ToArray()))];
        }
    }

    private InstrumentSeries? Reject(Instrument instrument, string reason)
    {
        lock (_gate) _rejected[(instrument.Meter.Name, instrument.Name)] = reason;
        return null;
    }

    private static string Help(Instrument instrument) =>
        string.IsNullOrWhiteSpace(instrument.Description) ? $"{instrument.Name} of {instrument.Meter.Name}." : instrument.Description;
}
