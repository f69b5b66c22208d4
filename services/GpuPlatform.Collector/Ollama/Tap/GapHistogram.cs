using System.Numerics;

namespace GpuPlatform.Collector.Ollama.Tap;

/// <summary>
/// The gaps between the pieces of one reply, 0 to 10 minutes, within 2 % or 10 µs. Its buckets are as wide as a share of what is in them, so that it always
/// takes 2.8 KB.
/// </summary>
internal sealed class GapHistogram
{
    private const int BitsOfPrecision = 5;
    private const int BucketsOfOctave = 1 << BitsOfPrecision;
    private const int Octaves = 20;
    private const int TicksOfUnit = 100;
    private const double MillisecondsOfUnit = TicksOfUnit / (double)TimeSpan.TicksPerMillisecond;

    // Below two octaves' worth of units a bucket is a unit
    private readonly int[] _counts = new int[2 * BucketsOfOctave + Octaves * BucketsOfOctave];

    public int Count { get; private set; }

    public double? P50Ms => PercentileMs(0.50);

    public double? P95Ms => PercentileMs(0.95);

    public double? P99Ms => PercentileMs(0.99);

    public void Add(TimeSpan gap)
    {
        _counts[BucketOf(Math.Max(gap.Ticks, 0) / TicksOfUnit)]++;
        Count++;
    }

    /// <summary>The gap that this share of the gaps does not exceed, in milliseconds; null without one.</summary>
    public double? PercentileMs(double share)
    {
        var left = Math.Max(1, (long)Math.Ceiling(share * Count));
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            left -= _counts[bucket];
            if (left <= 0) return MiddleOf(bucket) * MillisecondsOfUnit;
        }
        return null;
    }

    private int BucketOf(long units)
    {
        if (units < 2 * BucketsOfOctave) return (int)units;
        var shift = BitOperations.Log2((ulong)units) - BitsOfPrecision;
        return (int)Math.Min(_counts.Length - 1, (long)shift * BucketsOfOctave + (units >> shift));
    }

    private static double MiddleOf(int bucket)
    {
        if (bucket < 2 * BucketsOfOctave) return bucket;
        var shift = bucket / BucketsOfOctave - 1;
        return ((long)(bucket % BucketsOfOctave + BucketsOfOctave) << shift) + (1L << shift) / 2.0;
    }
}
