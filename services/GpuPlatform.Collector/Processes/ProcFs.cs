using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace GpuPlatform.Collector.Processes;

/// <summary>Processes as Linux shows them under <c>/proc</c>; one may be gone, or closed to this user, between any two reads.</summary>
internal sealed class ProcFs(string root = "/") : IProcessReader
{
    // The kernel presents clock ticks to programs at 100 per second on every architecture .NET runs on
    private const int ClockTicksPerSecond = 100;
    private const long DotnetTicksPerClockTick = TimeSpan.TicksPerSecond / ClockTicksPerSecond;
    private const long MostClockTicks = 100L * 365 * 24 * 3600 * ClockTicksPerSecond;
    private const int MostArgumentBytes = 16 * 1024;
    private const int MostAncestors = 16;

    private readonly string _proc = Path.Combine(root, "proc");
    private readonly UserNames _users = new(root);
    private DateTimeOffset? _bootedAt;

    public bool TryReadStamp(int pid, out ProcessStamp stamp)
    {
        stamp = default;
        var buffer = ArrayPool<byte>.Shared.Rent(1024);
        try
        {
            if (BootedAt() is not { } bootedAt || !ProcStat.TryParse(ReadFile(pid, "stat", buffer), out var stat)
                || stat.StartTicks > MostClockTicks)
                return false;
            var hash = new HashCode();
            hash.AddBytes(stat.Name);
            stamp = new ProcessStamp(bootedAt.AddTicks(stat.StartTicks * DotnetTicksPerClockTick), hash.ToHashCode());
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public ProcessFacts Read(int pid)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MostArgumentBytes);
        try
        {
            return ProcStat.TryParse(ReadFile(pid, "stat", buffer), out var stat)
                ? new ProcessFacts
                {
                    Name = ProcessText.Clean(stat.Name),
                    Ancestors = Ancestors(stat.ParentPid),
                    ExecutablePath = ExecutablePath(pid),
                    CommandLine = CommandLine(ReadFile(pid, "cmdline", buffer)),
                    UserName = UserName(ReadFile(pid, "status", buffer)),
                    ControlGroup = ControlGroup(ReadFile(pid, "cgroup", buffer)),
                }
                : ProcessFacts.Unknown;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Read once: the kernel derives it from the wall clock, and a clock step must not give every process a new identity
    private DateTimeOffset? BootedAt()
    {
        if (_bootedAt is not null)
            return _bootedAt;
        try
        {
            var line = File.ReadLines(Path.Combine(_proc, "stat")).FirstOrDefault(l => l.StartsWith("btime ", StringComparison.Ordinal));
            if (line is not null && long.TryParse(line.AsSpan(6), out var seconds) && seconds is > 0 and < 253_402_300_000)
                _bootedAt = DateTimeOffset.FromUnixTimeSeconds(seconds);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        return _bootedAt;
    }

    // Empty when the process is gone or closed to this user. Files under /proc report length 0, so they are read to their end
    private ReadOnlySpan<byte> ReadFile(int pid, string file, byte[] buffer)
    {
        try
        {
            using var handle = File.OpenHandle(Path.Combine(_proc, pid.ToString(), file));
            var length = 0;
            while (length < buffer.Length && RandomAccess.Read(handle, buffer.AsSpan(length), length) is var read and > 0)
                length += read;
            return buffer.AsSpan(0, length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private List<string> Ancestors(int parent)
    {
        var names = new List<string>();
        var buffer = new byte[1024];
        while (parent > 0 && names.Count < MostAncestors && ProcStat.TryParse(ReadFile(parent, "stat", buffer), out var stat))
        {
            names.Add(ProcessText.Clean(stat.Name) ?? "?");
            parent = stat.ParentPid;
        }
        return names;
    }

    private string? ExecutablePath(int pid)
    {
        try
        {
            return new FileInfo(Path.Combine(_proc, pid.ToString(), "exe")).LinkTarget is { } target ? ProcessText.Clean(target) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static List<string>? CommandLine(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return null;
        var arguments = new List<string>();
        // A process that renames itself leaves the rest of its old arguments as zeros
        foreach (var range in bytes.TrimEnd((byte)0).Split((byte)0))
            arguments.Add(Encoding.UTF8.GetString(bytes[range]));
        return CommandLineRedaction.Redact(arguments);
    }

    private string? UserName(ReadOnlySpan<byte> status)
    {
        var label = "\nUid:\t"u8;
        var start = status.IndexOf(label);
        return start >= 0 && Utf8Parser.TryParse(status[(start + label.Length)..], out uint uid, out _) ? _users.NameOf(uid) : null;
    }

    private static string? ControlGroup(ReadOnlySpan<byte> lines)
    {
        foreach (var range in lines.Split((byte)'\n'))
            if (lines[range].StartsWith("0::"u8))
                return ProcessText.Clean(lines[range][3..]);
        return null;
    }
}
