using System.Buffers.Text;

namespace GpuPlatform.Collector.Processes;

/// <summary>
/// The fields of <c>/proc/PID/stat</c> that identify a process. The name stands in parentheses and may itself hold parentheses,
/// spaces and line ends, so it is cut at its outer ones.
/// </summary>
internal readonly ref struct ProcStat
{
    // Field numbers as in proc(5); the name is field 2
    private const int FirstFieldAfterName = 3;
    private const int ParentPidField = 4;
    private const int StartTimeField = 22;

    public ReadOnlySpan<byte> Name { get; private init; }

    public int ParentPid { get; private init; }

    /// <summary>Clock ticks between boot and the start of the process.</summary>
    public long StartTicks { get; private init; }

    public static bool TryParse(ReadOnlySpan<byte> line, out ProcStat stat)
    {
        stat = default;
        var open = line.IndexOf((byte)'(');
        var close = line.LastIndexOf((byte)')');
        if (open < 0 || close < open)
            return false;
        var rest = line[(close + 1)..];
        if (!TryField(rest, ParentPidField, out var parent) || !TryField(rest, StartTimeField, out var start)
            || parent is < 0 or > int.MaxValue || start < 0)
            return false;
        stat = new ProcStat { Name = line[(open + 1)..close], ParentPid = (int)parent, StartTicks = start };
        return true;
    }

    private static bool TryField(ReadOnlySpan<byte> afterName, int field, out long value)
    {
        value = 0;
        var position = FirstFieldAfterName;
        foreach (var range in afterName.Split((byte)' '))
        {
            var text = afterName[range].Trim((byte)'\n');
            if (text.IsEmpty)
                continue;
            if (position++ == field)
                return Utf8Parser.TryParse(text, out value, out var used) && used == text.Length;
        }
        return false;
    }
}
