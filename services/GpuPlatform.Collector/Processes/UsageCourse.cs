using System.Runtime.CompilerServices;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Processes;

/// <summary>How a process loads a GPU, seen over minutes.</summary>
internal enum Load
{
    Quiet,
    Bursts,
    Steady,
}

/// <summary>What is remarkable about the last minutes: another picture is worth an event, another number is not.</summary>
internal readonly record struct CoursePicture(Load Load, bool IsGrowing);

/// <summary>
/// The last ten minutes of a process on a GPU, in slots of half a minute that are used again, so that a process costs the same memory however
/// often it is read.
/// </summary>
internal sealed class UsageCourse
{
    private const int SlotCount = 20;
    private const int FewestReadings = 3;
    private const double BusyPercent = 20;
    private const double LeastBusyShare = 10;
    private const double SteadyBusyShare = 80;
    private const long LeastGrowthBytes = 256L << 20;
    private const double LeastGrowth = 1.25;

    // It may shrink a little on its way and grows all the same
    private const double NearPeak = 0.95;

    private static readonly TimeSpan SlotSpan = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Longest = SlotSpan * SlotCount;

    /// <summary>Nothing is remarkable about less.</summary>
    private static readonly TimeSpan ShortestPicture = TimeSpan.FromMinutes(1);

    private Slots _slots;
    private int _newest = -1;
    private int _used;

    /// <summary>True when a slot was begun: what has been seen may add up to something else than before.</summary>
    public bool Add(in GpuProcessReading reading, DateTimeOffset now)
    {
        // After a clock was set back there is no order any more
        if (_used > 0 && now < _slots[_newest].LastAt)
            (_newest, _used) = (-1, 0);
        var begins = _used == 0 || now - _slots[_newest].FirstAt >= SlotSpan;
        if (begins)
        {
            _newest = (_newest + 1) % SlotCount;
            _used = Math.Min(_used + 1, SlotCount);
            _slots[_newest] = new Slot { FirstAt = now };
        }
        _slots[_newest].Add(reading, now);
        return begins;
    }

    /// <summary>Null before there are several readings.</summary>
    public ProcessCourse? Read() => Sum(out var sum) < FewestReadings ? null : new ProcessCourse
    {
        SpanSeconds = (sum.LastAt - sum.FirstAt).TotalSeconds,
        SmMeanPercent = sum.SmCount > 0 ? sum.SmSum / sum.SmCount : null,
        SmBusyPercent = BusyShare(sum),
        MemoryFirstBytes = sum.MemoryFirst,
        MemoryLastBytes = sum.MemoryLast,
        MemoryPeakBytes = sum.MemoryPeak,
    };

    public CoursePicture Picture()
    {
        if (Sum(out var sum) < FewestReadings || sum.LastAt - sum.FirstAt < ShortestPicture)
            return default;
        var load = BusyShare(sum) switch { >= SteadyBusyShare => Load.Steady, >= LeastBusyShare => Load.Bursts, _ => Load.Quiet };
        var grows = sum.MemoryLast - sum.MemoryFirst >= LeastGrowthBytes && sum.MemoryLast >= sum.MemoryFirst * LeastGrowth && sum.MemoryLast >= sum.MemoryPeak * NearPeak;
        return new CoursePicture(load, grows);
    }

    private static double? BusyShare(in Slot sum) => sum.SmCount > 0 ? 100d * sum.BusyCount / sum.SmCount : null;

    private int Sum(out Slot sum)
    {
        sum = default;
        if (_used == 0)
            return 0;
        var oldest = _slots[_newest].LastAt - Longest;
        for (var i = _used - 1; i >= 0; i--)
            if (_slots[(_newest - i + SlotCount) % SlotCount] is var slot && slot.FirstAt >= oldest)
                sum.Add(slot);
        return sum.Count;
    }

    [InlineArray(SlotCount)]
    private struct Slots
    {
        private Slot _first;
    }

    private struct Slot
    {
        public DateTimeOffset FirstAt;
        public DateTimeOffset LastAt;
        public int Count;
        public int SmCount;
        public int BusyCount;
        public double SmSum;
        public long? MemoryFirst;
        public long? MemoryLast;
        public long? MemoryPeak;

        public void Add(in GpuProcessReading reading, DateTimeOffset now)
        {
            (LastAt, Count) = (now, Count + 1);
            if (reading.SmPercent is { } percent)
                (SmCount, SmSum, BusyCount) = (SmCount + 1, SmSum + percent, BusyCount + (percent >= BusyPercent ? 1 : 0));
            Note(reading.MemoryUsedBytes, reading.MemoryUsedBytes, reading.MemoryUsedBytes);
        }

        public void Add(in Slot later)
        {
            FirstAt = Count == 0 ? later.FirstAt : FirstAt;
            (LastAt, Count) = (later.LastAt, Count + later.Count);
            (SmCount, SmSum, BusyCount) = (SmCount + later.SmCount, SmSum + later.SmSum, BusyCount + later.BusyCount);
            Note(later.MemoryFirst, later.MemoryLast, later.MemoryPeak);
        }

        private void Note(long? first, long? last, long? peak)
        {
            MemoryFirst ??= first;
            MemoryLast = last ?? MemoryLast;
            MemoryPeak = peak is { } now && MemoryPeak is { } before ? Math.Max(now, before) : peak ?? MemoryPeak;
        }
    }
}
