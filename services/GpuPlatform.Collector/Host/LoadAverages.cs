using System.Buffers.Text;

namespace GpuPlatform.Collector.Host;

/// <summary><c>/proc/loadavg</c>, as in <c>0.52 0.58 0.59 3/1234 56789</c>: three averages, tasks that run / tasks there are, the last pid.</summary>
internal readonly record struct LoadAverages(double OneMinute, double FiveMinutes, double FifteenMinutes, int TaskCount)
{
    /// <summary>All of it or nothing: a file that is damaged in one place is not believed in another.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out LoadAverages load)
    {
        load = default;
        Span<Range> columns = stackalloc Range[5];
        if (text.TrimEnd((byte)'\n').Split((byte)' ') is var split && !Fill(split, columns))
            return false;
        var tasks = text[columns[3]];
        var slash = tasks.IndexOf((byte)'/');
        if (slash < 0 || !TryLoad(text[columns[0]], out var one) || !TryLoad(text[columns[1]], out var five) || !TryLoad(text[columns[2]], out var fifteen)
            || !Utf8Parser.TryParse(tasks[(slash + 1)..], out int count, out var used) || used != tasks.Length - slash - 1 || count < 0)
            return false;
        load = new LoadAverages(one, five, fifteen, count);
        return true;
    }

    private static bool Fill(MemoryExtensions.SpanSplitEnumerator<byte> split, Span<Range> columns)
    {
        var count = 0;
        foreach (var range in split)
        {
            if (count == columns.Length)
                return false;
            columns[count++] = range;
        }
        return count == columns.Length;
    }

    private static bool TryLoad(ReadOnlySpan<byte> text, out double load) =>
        Utf8Parser.TryParse(text, out load, out var used, 'f') && used == text.Length && load >= 0 && double.IsFinite(load);
}
