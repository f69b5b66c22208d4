using System.Buffers.Text;

namespace GpuPlatform.Collector.Host;

/// <summary>Load of the whole host. Null where this operating system, or a damaged file, does not say.</summary>
internal readonly record struct HostReading(
    double? CpuPercent, long? MemoryTotalBytes, long? MemoryUsedBytes, int? LogicalProcessorCount, LoadAverages? Load);

/// <summary>Reads <c>/proc/stat</c>, <c>/proc/meminfo</c> and <c>/proc/loadavg</c>. CPU is the share since the previous reading, so the first has none.</summary>
internal sealed class HostReader(string root = "/")
{
    private readonly string _stat = Path.Combine(root, "proc/stat");
    private readonly string _meminfo = Path.Combine(root, "proc/meminfo");
    private readonly string _loadavg = Path.Combine(root, "proc/loadavg");
    private readonly byte[] _buffer = new byte[64 * 1024];
    private CpuTimes? _previous;

    public HostReading Read()
    {
        var stat = ReadFile(_stat);
        var times = CpuTimes.TryParse(stat, out var now) ? now : (CpuTimes?)null;
        var processors = CpuTimes.CountProcessors(stat);
        var cpu = times is { } t && _previous is { } p ? t.BusyPercentSince(p) : null;
        _previous = times ?? _previous;
        var meminfo = ReadFile(_meminfo);
        var total = MemoryBytes(meminfo, "MemTotal:"u8);
        var available = MemoryBytes(meminfo, "MemAvailable:"u8);
        var load = LoadAverages.TryParse(ReadFile(_loadavg), out var averages) ? averages : (LoadAverages?)null;
        return new HostReading(cpu, total, total - available is { } used and >= 0 ? used : null, processors > 0 ? processors : null, load);
    }

    /// <summary>The value of a line such as <c>MemTotal:  16314876 kB</c>, in bytes.</summary>
    public static long? MemoryBytes(ReadOnlySpan<byte> meminfo, ReadOnlySpan<byte> label)
    {
        foreach (var range in meminfo.Split((byte)'\n'))
        {
            var line = meminfo[range];
            if (!line.StartsWith(label))
                continue;
            var text = line[label.Length..].Trim((byte)' ');
            return Utf8Parser.TryParse(text, out long kibibytes, out var used) && text[used..].SequenceEqual(" kB"u8)
                && kibibytes is >= 0 and <= long.MaxValue / 1024 ? kibibytes * 1024 : null;
        }
        return null;
    }

    private ReadOnlySpan<byte> ReadFile(string path)
    {
        try
        {
            using var handle = File.OpenHandle(path);
            var length = 0;
            while (length < _buffer.Length && RandomAccess.Read(handle, _buffer.AsSpan(length), length) is var read and > 0)
                length += read;
            return _buffer.AsSpan(0, length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
