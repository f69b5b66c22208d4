using System.Buffers.Text;
using System.Text;
using GpuPlatform.Collector.Drm;
using GpuPlatform.Collector.Processes.Sockets;

namespace GpuPlatform.Collector.Ollama.Requests.Clients;

/// <summary>
/// Finds the processes that hold sockets. To look at every open file of every process is dear, so those that were found before are looked at first, then
/// the youngest, and never for long.
/// </summary>
internal sealed class SocketHolders(string root, TimeProvider time)
{
    private const int MostRecent = 64;
    private const int FilesBetweenLooksAtTheClock = 256;
    private static readonly TimeSpan LongestWalk = TimeSpan.FromSeconds(2);

    private readonly string _proc = Path.Combine(root, "proc");
    private readonly byte[] _prefix = Encoding.UTF8.GetBytes(Path.Combine(root, "proc") + "/");
    private readonly byte[] _path = new byte[4096];
    private readonly byte[] _target = new byte[64];
    private readonly List<int> _recent = [];
    private long _began;

    /// <summary>True when the last search met processes whose open files this user may not see.</summary>
    public bool WasDenied { get; private set; }

    /// <summary>Processes that the last search looked at.</summary>
    public int LookCount { get; private set; }

    /// <summary>The holders by inode of their socket; one that nobody seems to hold is left out.</summary>
    public Dictionary<long, int> Find(IEnumerable<long> inodes)
    {
        var wanted = inodes.ToHashSet();
        var found = new Dictionary<long, int>();
        (WasDenied, LookCount, _began) = (false, 0, time.GetTimestamp());
        foreach (var pid in _recent.ToList())
            if (wanted.Count > 0)
                Look(pid, wanted, found);
        if (wanted.Count > 0) Walk(wanted, found);
        return found;
    }

    private void Walk(HashSet<long> wanted, Dictionary<long, int> found)
    {
        var pids = new List<int>();
        using (var all = new NumberedEntries(_proc))
            while (all.MoveNext()) pids.Add(all.Current);
        var own = OwnPid();
        foreach (var pid in pids.Where(pid => pid != own).Except(_recent).OrderDescending().ToList())
        {
            if (wanted.Count == 0 || IsTooLong()) return;
            Look(pid, wanted, found);
        }
    }

    private void Look(int pid, HashSet<long> wanted, Dictionary<long, int> found)
    {
        LookCount++;
        var before = wanted.Count;
        var count = 0;
        using var handles = new NumberedEntries($"{_proc}/{pid}/fd");
        while (wanted.Count > 0 && handles.MoveNext() && (++count % FilesBetweenLooksAtTheClock != 0 || !IsTooLong()))
            // To read where a link leads touches nothing behind it
            if (SocketLink.InodeOf(PosixNative.LinkTarget(ProcPath.Write(_path, _prefix, pid, "/fd/"u8, handles.Current), _target)) is { } inode && wanted.Remove(inode))
                found[inode] = pid;
        WasDenied |= handles.WasDenied;
        if (wanted.Count < before) Remember(pid);
    }

    private void Remember(int pid)
    {
        _recent.Remove(pid);
        _recent.Insert(0, pid);
        if (_recent.Count > MostRecent) _recent.RemoveAt(MostRecent);
    }

    private bool IsTooLong() => time.GetElapsedTime(_began) > LongestWalk;

    // Its number in the namespace of that /proc, which need not be the one it knows itself by
    private int? OwnPid() =>
        Utf8Parser.TryParse(PosixNative.LinkTarget([.. _prefix, .. "self\0"u8], _target), out int pid, out _) ? pid : null;
}
