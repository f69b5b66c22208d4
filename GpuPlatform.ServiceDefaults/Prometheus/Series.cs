namespace GpuPlatform.ServiceDefaults.Prometheus;

/// <summary>One set of labels of an instrument.</summary>
internal abstract class Series(string labels)
{
    /// <summary>The text between the braces of the sample.</summary>
    public string Labels => labels;

    /// <summary>The collection in which an observable instrument last reported this series.</summary>
    public int Collection { get; set; }

    public abstract void Record(double value);
}

/// <summary>Counters and gauges.</summary>
internal sealed class ScalarSeries(string labels, bool isAbsolute) : Series(labels)
{
    private double _value;

    public double Value => Volatile.Read(ref _value);

    public override void Record(double value)
    {
        if (isAbsolute)
        {
            Volatile.Write(ref _value, value);
            return;
        }

        double seen;
        do seen = Volatile.Read(ref _value);
        while (BitConverter.DoubleToInt64Bits(Interlocked.CompareExchange(ref _value, seen + value, seen)) != BitConverter.DoubleToInt64Bits(seen));
    }
}

/// <summary>A histogram: counts per bucket, sum and count always fit each other.</summary>
internal sealed class HistogramSeries(string labels, double[] bounds) : Series(labels)
{
    private readonly Lock _gate = new();
    private readonly long[] _counts = new long[bounds.Length + 1];
    private double _sum;

    public override void Record(double value)
    {
        var bucket = Array.BinarySearch(bounds, value);
        if (bucket < 0) bucket = ~bucket;
        lock (_gate)
        {
            _counts[bucket]++;
            _sum += value;
        }
    }

    public HistogramPoint Read()
    {
        lock (_gate) return new([.. _counts], _sum);
    }
}

/// <summary>Counts per bucket (not cumulative; the last one is +Inf) and the sum of what was measured.</summary>
internal sealed record HistogramPoint(long[] Counts, double Sum)
{
    public HistogramPoint Plus(HistogramPoint other) => new([.. Counts.Zip(other.Counts, (left, right) => left + right)], Sum + other.Sum);
}
