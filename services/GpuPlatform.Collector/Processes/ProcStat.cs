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
    private const int StateField = 3;
    private const int ParentPidField = 4;
    private const int ThreadCountField = 20;
    private const int StartTimeField = 22;
    private const int ArgumentsStartField = 48;

    public ReadOnlySpan<byte> Name { get; private init; }

    public int ParentPid { get; private init; }

    /// <summary>Clock ticks between boot and the start of the process, time in suspend included.</summary>
    public long StartTicks { get; private init; }

    /// <summary>
    /// Address of the arguments: another one after each exec. 0 where this user may not know it, and on kernels that do not say.
    /// </summary>
    public ulong ArgumentsStart { get; private init; }

    /// <summary>True when its first thread has ended: a zombie, or a process of which only other threads are left.</summary>
    public bool HasEnded { get; private init; }

    /// <summary>True when none of its threads is left: all that it had is given back, only its number is kept for its parent.</summary>
    public bool IsGone { get; private init; }

    public static bool TryParse(ReadOnlySpan<byte> line, out ProcStat stat)
    {
        stat = default;
        var open = line.IndexOf((byte)'(');
        var close = line.LastIndexOf((byte)')');
        if (open < 0 || close < open)
            return false;
        var (state, parent, start, arguments, threads) = ((byte)0, -1L, -1L, 0UL, -1L);
        var rest = line[(close + 1)..];
        for (var field = FirstFieldAfterName; field <= ArgumentsStartField && Next(ref rest, out var text); field++)
        {
            if (field == StateField)
                state = text[0];
            else if (field == ParentPidField && !TryNumber(text, out parent) || field == StartTimeField && !TryNumber(text, out start))
                return false;
            else if (field == ThreadCountField && !TryNumber(text, out threads))
                return false;
            else if (field == ArgumentsStartField && Utf8Parser.TryParse(text, out ulong address, out var used) && used == text.Length)
                arguments = address;
        }

        if (parent is < 0 or > int.MaxValue || start < 0)
            return false;
        var hasEnded = state is (byte)'Z' or (byte)'X' or (byte)'x';
        stat = new ProcStat
        {
            Name = line[(open + 1)..close], ParentPid = (int)parent, StartTicks = start, ArgumentsStart = arguments,
            HasEnded = hasEnded, IsGone = hasEnded && threads is 0 or 1,
        };
        return true;
    }

    private static bool Next(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> text)
    {
        rest = rest.TrimStart((byte)' ');
        var end = rest.IndexOfAny((byte)' ', (byte)'\n');
        text = end < 0 ? rest : rest[..end];
        rest = rest[text.Length..];
        return !text.IsEmpty;
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, out long value) =>
        Utf8Parser.TryParse(text, out value, out var used) && used == text.Length;
}
