using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace GpuPlatform.ServiceDefaults.Prometheus;

/// <summary>All series of one instrument. Recording into a known series allocates nothing and takes no lock but a histogram's own.</summary>
internal sealed class InstrumentSeries
{
    private static readonly KeyValuePair<string, object?>[] OverflowTags = [new("otel_metric_overflow", true)];

    private readonly ConcurrentDictionary<TagSet, Series> _series = new(TagSetComparer.Instance);
    private readonly ConcurrentDictionary<TagSet, Series>.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> _byTags;
    private readonly Lock _growing = new();
    private readonly MetricFamily _family;
    private readonly string? _scope;
    private readonly int _capacity;
    private int _count;
    private int _purgedIn;
    private long _overflowCount;

    public InstrumentSeries(Instrument instrument, InstrumentShape shape, MetricUnit unit, MetricFamily family, string? scope, int capacity)
    {
        (Instrument, Shape, Unit) = (instrument, shape, unit);
        (_family, _scope, _capacity) = (family, scope, capacity);
        _byTags = _series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
    }

    public Instrument Instrument { get; }

    public InstrumentShape Shape { get; }

    public MetricUnit Unit { get; }

    public IEnumerable<Series> Series => _series.Values;

    /// <summary>Measurements that found the instrument full of other label sets.</summary>
    public long OverflowCount => Volatile.Read(ref _overflowCount);

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, int collection)
    {
        // One bad measurement must not turn a sum into NaN or a counter backwards for good.
        if (!Shape.IsAbsolute && (!double.IsFinite(value) || (Shape.Kind == MetricKind.Counter && value < 0))) return;

        if (!_byTags.TryGetValue(tags, out var series)) series = Add(tags, collection);
        if (series is null) return;
        series.Record(value * Unit.Factor);
        series.Collection = collection;
    }

    /// <summary>Forgets what an observable instrument no longer reports.</summary>
    public void Purge(int collection)
    {
        if (!Instrument.IsObservable) return;
        lock (_growing)
        {
            foreach (var (tags, series) in _series)
            {
                if (series.Collection != collection && _series.TryRemove(tags, out _)) _count--;
            }

            _purgedIn = collection;
        }
    }

    private Series? Add(ReadOnlySpan<KeyValuePair<string, object?>> tags, int collection)
    {
        lock (_growing)
        {
            if (_byTags.TryGetValue(tags, out var known)) return known;
            if (_count >= _capacity && _purgedIn != collection) Purge(collection);
            if (_count >= _capacity)
            {
                _overflowCount++;
                if (Shape is { IsAbsolute: true }) return null;
                tags = OverflowTags;
                if (_byTags.TryGetValue(tags, out var overflow)) return overflow;
            }

            var series = Create(LabelText.Of(tags, _scope));
            series.Collection = collection;
            _byTags[tags] = series;
            _count++;
            return series;
        }
    }

    private Series Create(string labels) => _family.Bounds is { } bounds
        ? new HistogramSeries(labels, bounds)
        : new ScalarSeries(labels, Shape.IsAbsolute);
}
