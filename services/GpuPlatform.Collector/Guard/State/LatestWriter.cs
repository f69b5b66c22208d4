using GpuPlatform.Collector.Ollama.Models;

namespace GpuPlatform.Collector.Guard;

/// <summary>
/// Writes beside those who have something to write: one write at a time, then what is the latest by then. What came between is never written, and
/// nothing older after it.
/// </summary>
/// <param name="write">Writes; throws nothing.</param>
/// <param name="time">For how long a write takes.</param>
internal sealed class LatestWriter(Action<byte[]> write, TimeProvider time)
{
    private readonly Lock _gate = new();
    private byte[]? _waiting;
    private TimeSpan? _beganAt;
    private TaskCompletionSource? _atWork;

    /// <summary>How long the write under way has taken; zero when none is.</summary>
    public TimeSpan Taking
    {
        get { lock (_gate) return _beganAt is { } since ? time.Monotonic() - since : TimeSpan.Zero; }
    }

    /// <summary>Ends when the latest is written.</summary>
    public Task Idle
    {
        get { lock (_gate) return _atWork?.Task ?? Task.CompletedTask; }
    }

    /// <summary>Waits for nothing.</summary>
    public void Write(byte[] bytes)
    {
        lock (_gate)
        {
            _waiting = bytes;
            if (_atWork is not null) return;
            _atWork = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        // A thread of its own: a disk that hangs takes none from the pool, and a busy pool delays no write
        _ = Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private void Work()
    {
        while (Next() is { } bytes) write(bytes);
    }

    private byte[]? Next()
    {
        lock (_gate)
        {
            (var bytes, _waiting) = (_waiting, null);
            _beganAt = bytes is null ? null : time.Monotonic();
            if (bytes is not null) return bytes;
            _atWork!.SetResult();
            _atWork = null;
            return null;
        }
    }
}
