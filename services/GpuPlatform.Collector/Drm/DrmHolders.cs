using System.Diagnostics.Metrics;
using System.Text;

namespace GpuPlatform.Collector.Drm;

/// <summary>A DRM device that a process holds open.</summary>
internal readonly record struct DrmFile(int Pid, int Handle, int Minor);

/// <summary>Who holds DRM devices, by pid. <paramref name="IsComplete"/>: no process of the host was hidden from this user.</summary>
internal sealed record DrmFileList(IReadOnlyList<DrmFile> Files, bool IsComplete);

/// <summary>Minor number of the DRM device behind a path that ends in a zero; null when it is none.</summary>
internal delegate int? DrmMinor(ReadOnlySpan<byte> path);

/// <summary>
/// Finds the processes that hold DRM devices, for all cards together. To look at every open file of every process is what makes this dear, so a
/// walk looks at the known holders, at young processes, and at one in six of the others. It asks no GPU driver.
/// </summary>
internal sealed class DrmHolders(string root, DrmMinor minorOf, TimeProvider clock, Counter<long> errors)
{
    private const int Rounds = 6;
    private const int YoungWalks = 2;
    private const int MostFiles = 8192;

    // They open the card for a compositor and pass it on; the client is the compositor's
    private static readonly string[] SeatDaemons = ["systemd-logind", "elogind", "elogind-daemon", "seatd"];
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(1);

    private readonly string _proc = Path.Combine(root, "proc");
    private readonly byte[] _prefix = Encoding.UTF8.GetBytes(Path.Combine(root, "proc") + "/");
    private readonly KernelReader _files = new(errors);
    private readonly byte[] _path = new byte[4096];
    private readonly byte[] _target = new byte[256];
    private readonly Lock _oneWalk = new();
    private Dictionary<int, Seen> _seen = [];
    private Dictionary<int, Seen> _last = [];
    private DrmFileList? _list;
    private long _walkedAt;
    private long _walk;

    /// <summary>As of the last walk.</summary>
    public DrmFileList Current => Volatile.Read(ref _list) ?? Refresh();

    /// <summary>Walks, unless somebody does or just did.</summary>
    public DrmFileList Refresh()
    {
        // One GPU's turn must not wait for another's
        if (_oneWalk.TryEnter())
            try
            {
                if (_list is null || clock.GetElapsedTime(_walkedAt) >= ShortestInterval)
                {
                    Volatile.Write(ref _list, Walk());
                    _walkedAt = clock.GetTimestamp();
                }
            }
            finally
            {
                _oneWalk.Exit();
            }
        return Volatile.Read(ref _list) ?? new DrmFileList([], IsComplete: false);
    }

    private DrmFileList Walk()
    {
        var found = new List<DrmFile>();
        var isComplete = SeesKernelThreads();
        (_seen, _last) = (_last, _seen);
        _seen.Clear();
        using (var pids = new NumberedEntries(_proc))
            while (pids.MoveNext())
            {
                var pid = pids.Current;
                var seen = _last.TryGetValue(pid, out var before) ? before : new Seen { FirstWalk = _walk };
                if (IsDue(pid, seen))
                    Look(pid, found, ref seen);
                isComplete &= !seen.WasDenied;
                _seen[pid] = seen;
            }
        _walk++;
        found.Sort((a, b) => a.Pid != b.Pid ? a.Pid.CompareTo(b.Pid) : a.Handle.CompareTo(b.Handle));
        return new DrmFileList(found, isComplete);
    }

    private bool IsDue(int pid, in Seen seen) =>
        seen.IsHolder || (seen.FirstWalk > 0 && _walk - seen.FirstWalk <= YoungWalks) || _walk == 0 || pid % Rounds == _walk % Rounds;

    private void Look(int pid, List<DrmFile> found, ref Seen seen)
    {
        var first = found.Count;
        var count = 0;
        using var handles = new NumberedEntries($"{_proc}/{pid}/fd");
        while (handles.MoveNext() && count++ < MostFiles)
            if (MinorOf(pid, handles.Current) is { } minor)
                found.Add(new DrmFile(pid, handles.Current, minor));
        seen.WasDenied = handles.WasDenied;
        seen.IsHolder = found.Count > first;
        if (seen.IsHolder && IsSeatDaemon(pid))
            found.RemoveRange(first, found.Count - first);
    }

    // The link first: to stat a file may go over a network, to read a link does not
    private int? MinorOf(int pid, int handle)
    {
        var path = PathTo(pid, "/fd/"u8, handle);
        return PosixNative.LinkTarget(path, _target).IndexOf("/dri/"u8) >= 0 ? minorOf(path) : null;
    }

    // A container with processes of its own has no kernel threads
    private bool SeesKernelThreads() => Comm(2) == "kthreadd";

    private bool IsSeatDaemon(int pid) => SeatDaemons.Contains(Comm(pid));

    private string? Comm(int pid) => _files.Text(KernelFile.At($"{_proc}/{pid}", "comm"));

    private ReadOnlySpan<byte> PathTo(int pid, ReadOnlySpan<byte> folder, int handle) => ProcPath.Write(_path, _prefix, pid, folder, handle);

    private struct Seen
    {
        public long FirstWalk;
        public bool IsHolder;
        public bool WasDenied;
    }
}
