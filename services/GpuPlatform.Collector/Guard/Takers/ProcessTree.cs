using System.Text;
using GpuPlatform.Collector.Drm;
using GpuPlatform.Collector.Processes;

namespace GpuPlatform.Collector.Guard;

/// <summary>A process among its ancestors.</summary>
internal sealed record TreeProcess(int Pid, IReadOnlyList<string> CommandLine);

/// <summary>Who started whom, and who listens where, from <c>/proc</c>. What is closed to this user or gone is left out. Used by one thread at a time.</summary>
internal sealed class ProcessTree(string root)
{
    private const int MostAncestors = 16;
    private const int MostOpenFiles = 4096;
    private const int MostBytes = 16 * 1024;

    // The kernel looks through the places of all connections for its table of sockets: where there is room for many that takes ten milliseconds and more
    private static readonly TimeSpan SocketsLast = TimeSpan.FromMilliseconds(100);

    private readonly string _proc = Path.Combine(root, "proc");
    private (TimeSpan At, Dictionary<long, int> Inodes)? _sockets;

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

    /// <summary>Ports of <paramref name="ports"/>, always the same, on which these processes listen.</summary>
    public IReadOnlySet<int> PortsOf(IEnumerable<int> pids, IReadOnlySet<int> ports, TimeSpan now)
    {
        var found = new HashSet<int>();
        if (_sockets is not { } known || now - known.At >= SocketsLast)
            _sockets = known = (now, ListeningSockets.Find(root, ports));
        var inodes = known.Inodes;
        if (inodes.Count == 0) return found;
        foreach (var pid in pids) Look(pid, inodes, found);
        return found;
    }

    private void Look(int pid, Dictionary<long, int> inodes, HashSet<int> found)
    {
        var target = new byte[64];
        using var handles = new NumberedEntries($"{_proc}/{pid}/fd");
        for (var count = 0; count < MostOpenFiles && handles.MoveNext(); count++)
            if (ListeningSockets.InodeOf(PosixNative.LinkTarget(Encoding.UTF8.GetBytes($"{_proc}/{pid}/fd/{handles.Current}\0"), target)) is { } inode
                && inodes.TryGetValue(inode, out var port))
                found.Add(port);
    }

    private int? ParentOf(int pid, byte[] buffer) => ProcStat.TryParse(ProcFiles.Read(Path.Combine(_proc, $"{pid}", "stat"), buffer), out var stat) ? stat.ParentPid : null;

    private List<string> Arguments(int pid, byte[] buffer) =>
        [.. Encoding.UTF8.GetString(ProcFiles.Read(Path.Combine(_proc, $"{pid}", "cmdline"), buffer)).TrimEnd('\0').Split('\0')];
}
