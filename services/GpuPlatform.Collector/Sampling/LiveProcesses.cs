using System.Collections.Concurrent;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Sampling;

/// <summary>What was last published of each process that is still on a GPU: its facts, for those who ask this host.</summary>
internal sealed class LiveProcesses
{
    private readonly ConcurrentDictionary<(string GpuUuid, int Pid, DateTimeOffset StartedAt), GpuProcessObserved> _rows = new();

    /// <summary>Raised with every event, on the thread that reads the GPUs: must be quick.</summary>
    public event Action? Changed;

    /// <summary>Takes note of an event; one that has exited is forgotten.</summary>
    public void Note(GpuProcessObserved process)
    {
        var key = (process.GpuUuid, process.Pid, process.StartedAt);
        if (process.Change == ProcessChange.Exited)
            _rows.TryRemove(key, out _);
        else
            _rows[key] = process;
        Changed?.Invoke();
    }

    /// <summary>Null when the process has ended since the list was read.</summary>
    public GpuProcessObserved? Find(string gpuUuid, GpuProcessUsage usage) => _rows.GetValueOrDefault((gpuUuid, usage.Pid, usage.StartedAt));

    /// <summary>Whether the process is on any GPU.</summary>
    public bool Holds(int pid, DateTimeOffset startedAt)
    {
        foreach (var (key, _) in _rows)
            if (key.Pid == pid && key.StartedAt == startedAt)
                return true;
        return false;
    }

    /// <summary>Whether whatever has this pid is, or was when the lists were last read, on any GPU.</summary>
    public bool Holds(int pid)
    {
        foreach (var (key, _) in _rows)
            if (key.Pid == pid)
                return true;
        return false;
    }

    /// <summary>Whether nothing is on any GPU.</summary>
    public bool IsEmpty => _rows.IsEmpty;

    /// <summary>What is known of every process on every GPU now.</summary>
    public ICollection<GpuProcessObserved> Rows => _rows.Values;
}
