using Microsoft.Win32.SafeHandles;

namespace GpuPlatform.Collector.Processes;

/// <summary>
/// Who is behind a pid. While a process is asked for every tick, its <c>stat</c> stays open: the kernel ties an open file to the process,
/// not to its number, so a read that succeeds is proof that it is the same one, whatever the clock's resolution; and it is one call
/// instead of three, without garbage. In a copy of /proc a file outlives its process, so there it is not kept open. A start time stays as
/// it was first found, so a clock that is set changes no identity.
/// </summary>
internal sealed class ProcessIdentities(string proc, bool staysTied)
{
    // The kernel presents clock ticks to programs at 100 per second on every architecture .NET runs on
    private const int ClockTicksPerSecond = 100;
    private const long DotnetTicksPerClockTick = TimeSpan.TicksPerSecond / ClockTicksPerSecond;
    private const long MostClockTicks = 100L * 365 * 24 * 3600 * ClockTicksPerSecond;
    private const int MostOpen = 1024;
    private const int MostBytes = 1024;

    private readonly BootTime _boot = new(proc);
    private readonly Dictionary<int, Identity> _known = [];
    private int _openCount;

    public ProcessIdentities(string proc) : this(proc, IsKernels(proc))
    {
    }

    public bool TryRead(int pid, out ProcessStamp stamp)
    {
        stamp = default;
        if (pid <= 0)
            return false;
        Span<byte> buffer = stackalloc byte[MostBytes];
        var known = _known.GetValueOrDefault(pid);
        if (known?.Stat is { } open)
        {
            if (Read(open, buffer) is > 0 and var again)
                return TryStamp(pid, known, buffer[..again], isSameProcess: true, out stamp);
            // It has ended; who has the number now, if anybody, is another, even when it started in the same clock tick
            known.HasDied = true;
            Close(known);
        }

        var file = ProcFiles.Open(Path.Combine(proc, $"{pid}/stat"));
        var length = file is null ? 0 : Read(file, buffer);
        var found = length > 0 && TryStamp(pid, known, buffer[..length], isSameProcess: false, out stamp);
        if (found && staysTied && _openCount < MostOpen)
            (_known[pid].Stat, _openCount) = (file, _openCount + 1);
        else
            file?.Dispose();
        return found;
    }

    /// <summary>Forgets processes that nobody has asked for since the last call.</summary>
    public void ForgetUnasked()
    {
        foreach (var (pid, identity) in _known)
        {
            if (!identity.Asked)
            {
                Close(identity);
                _known.Remove(pid);
            }

            identity.Asked = false;
        }

        _boot.Expire();
    }

    private bool TryStamp(int pid, Identity? known, ReadOnlySpan<byte> line, bool isSameProcess, out ProcessStamp stamp)
    {
        stamp = default;
        if (!ProcStat.TryParse(line, out var stat) || stat.StartTicks > MostClockTicks || stat.IsGone)
            return false;
        if (known is null || known.StartTicks != stat.StartTicks || known.HasDied && !isSameProcess)
        {
            if (_boot.At() is not { } bootedAt)
                return false;
            var startedAt = bootedAt.AddTicks(stat.StartTicks * DotnetTicksPerClockTick);
            // A tick has ten milliseconds, one for each process that may have had the number in it
            if (known?.StartTicks == stat.StartTicks)
                startedAt = known.StartedAt.AddMilliseconds(1);
            if (known is not null)
                Close(known);
            _known[pid] = known = new Identity(stat.StartTicks, startedAt);
        }

        known.Asked = true;
        stamp = new ProcessStamp(known.StartedAt, ProgramOf(stat));
        return true;
    }

    // A process of which only other threads are left no longer shows its arguments: that is no other program
    private static int? ProgramOf(in ProcStat stat)
    {
        if (stat.HasEnded)
            return null;
        var hash = new HashCode();
        hash.AddBytes(stat.Name);
        hash.Add(stat.ArgumentsStart);
        return hash.ToHashCode();
    }

    private void Close(Identity identity)
    {
        if (identity.Stat is null)
            return;
        identity.Stat.Dispose();
        identity.Stat = null;
        _openCount--;
    }

    private static int Read(SafeFileHandle file, Span<byte> buffer)
    {
        try
        {
            return RandomAccess.Read(file, buffer, 0);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static bool IsKernels(string proc)
    {
        try
        {
            return OperatingSystem.IsLinux() && new DriveInfo(proc).DriveFormat == "proc";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private sealed class Identity(long startTicks, DateTimeOffset startedAt)
    {
        public long StartTicks { get; } = startTicks;
        public DateTimeOffset StartedAt { get; } = startedAt;
        public SafeFileHandle? Stat { get; set; }
        public bool Asked { get; set; }
        public bool HasDied { get; set; }
    }
}
