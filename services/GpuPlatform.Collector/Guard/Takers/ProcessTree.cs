using System.Text;
using GpuPlatform.Collector.Drm;
using GpuPlatform.Collector.Processes;
using GpuPlatform.Collector.Processes.Sockets;

namespace GpuPlatform.Collector.Guard;

/// <summary>A process among its ancestors.</summary>
internal sealed record TreeProcess(int Pid, IReadOnlyList<string> CommandLine);

/// <summary>Who started whom, and who listens where, from <c>/proc</c> and the host's sockets. What is closed to this user or gone is left out. Used by one thread at a time.</summary>
internal sealed class ProcessTree(string root, ITcpSockets sockets)
{
    private const int MostAncestors = 16;
    private const int MostOpenFiles = 4096;
    private const int MostBytes = 16 * 1024;

    // The processes of a desktop are met together
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(100);

    private readonly string _proc = Path.Combine(root, "proc");
    private (TimeSpan At, Dictionary<long, int> Ports)? _listening;

    /// <summary>The process and its ancestors as far as they are known.</summary>
    public IEnumerable<TreeProcess> Chain(int pid)
    {
        var buffer = new byte[MostBytes];
        for (var count = 0; pid > 1 && count <= MostAncestors; count++)
        {
            if (ParentOf(pid, buffer) is not { } parent) yield break;
            yield return new TreeProcess(pid, Arguments(pid, buffer));
            pid = parent;
        }
    }

    /// <summary>The sockets that listen on these ports, always the same, with the port of each: the same object for as long as they are the same sockets.</summary>
    /// <param name="ports">Which.</param>
    /// <param name="now">The time.</param>
    /// <param name="isUrgent">Whether there is a reason to look, rather than the wish to notice a change.</param>
    public IReadOnlyDictionary<long, int> Listening(IReadOnlySet<int> ports, TimeSpan now, bool isUrgent)
    {
        if (_listening is { } known && now - known.At < (isUrgent ? Together : sockets.ListenersLast)) return known.Ports;
        var found = sockets.Listening(ports);
        if (_listening is { } before && before.Ports.Count == found.Count && found.All(before.Ports.Contains)) found = before.Ports;
        _listening = (now, found);
        return found;
    }

    /// <summary>The ports of those of these sockets that are open in the processes.</summary>
    public IReadOnlySet<int> PortsOf(IEnumerable<int> pids, IReadOnlyDictionary<long, int> listening)
    {
        var found = new HashSet<int>();
        if (listening.Count == 0) return found;
        foreach (var pid in pids) Look(pid, listening, found);
        return found;
    }

    private void Look(int pid, IReadOnlyDictionary<long, int> listening, HashSet<int> found)
    {
        var target = new byte[64];
        using var handles = new NumberedEntries($"{_proc}/{pid}/fd");
        for (var count = 0; count < MostOpenFiles && handles.MoveNext(); count++)
            if (SocketLink.InodeOf(PosixNative.LinkTarget(Encoding.UTF8.GetBytes($"{_proc}/{pid}/fd/{handles.Current}\0"), target)) is { } inode
                && listening.TryGetValue(inode, out var port))
                found.Add(port);
    }

    private int? ParentOf(int pid, byte[] buffer) => ProcStat.TryParse(ProcFiles.Read(Path.Combine(_proc, $"{pid}", "stat"), buffer), out var stat) ? stat.ParentPid : null;

    private List<string> Arguments(int pid, byte[] buffer) =>
        [.. Encoding.UTF8.GetString(ProcFiles.Read(Path.Combine(_proc, $"{pid}", "cmdline"), buffer)).TrimEnd('\0').Split('\0')];
}
