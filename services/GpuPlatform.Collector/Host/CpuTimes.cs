using System.Buffers.Text;

namespace GpuPlatform.Collector.Host;

/// <summary>Clock ticks of all processors together since boot: the first line of <c>/proc/stat</c>.</summary>
internal readonly record struct CpuTimes(long BusyTicks, long TotalTicks)
{
    private const int IdleColumn = 3;
    private const int IoWaitColumn = 4;

    // The columns behind it, guest and guest_nice, are counted in user and nice already
    private const int LastColumn = 7;

    public static bool TryParse(ReadOnlySpan<byte> stat, out CpuTimes times)
    {
        times = default;
        if (!stat.StartsWith("cpu "u8))
            return false;
        var end = stat.IndexOf((byte)'\n');
        var line = (end < 0 ? stat : stat[..end])[4..];
        long busy = 0, total = 0;
        var column = 0;
        foreach (var range in line.Split((byte)' '))
        {
            if (line[range].IsEmpty)
                continue;
            if (!Utf8Parser.TryParse(line[range], out long ticks, out var used) || used != line[range].Length || ticks < 0
                || total > long.MaxValue - ticks)
                return false;
            total += ticks;
            if (column is not IdleColumn and not IoWaitColumn)
                busy += ticks;
            if (column++ == LastColumn)
                break;
        }
        times = new CpuTimes(busy, total);
        return column > IdleColumn;
    }

    /// <summary>Lines <c>cpu0</c>, <c>cpu1</c>, …: the processors that are online.</summary>
    public static int CountProcessors(ReadOnlySpan<byte> stat)
    {
        var count = 0;
        foreach (var range in stat.Split((byte)'\n'))
            if (stat[range] is [(byte)'c', (byte)'p', (byte)'u', >= (byte)'0' and <= (byte)'9', ..])
                count++;
        return count;
    }

    /// <summary>Null when no time has passed, or when the counters went backwards (idle and iowait may, a little).</summary>
    public double? BusyPercentSince(CpuTimes earlier)
    {
        var total = TotalTicks - earlier.TotalTicks;
        var busy = BusyTicks - earlier.BusyTicks;
        return total > 0 && busy >= 0 ? Math.Min(100d, 100d * busy / total) : null;
    }
}
