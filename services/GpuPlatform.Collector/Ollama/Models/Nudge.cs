namespace GpuPlatform.Collector.Ollama.Models;

/// <summary>Wakes one loop before its time. Cheap to set, from anywhere, at any rate.</summary>
internal sealed class Nudge(TimeProvider time)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _set = NewSignal();

    public void Set()
    {
        lock (_gate) _set.TrySetResult();
    }

    /// <summary>Ends when it was set since the last time, or after <paramref name="atMost"/>.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellation)
    {
        Task set;
        lock (_gate) set = _set.Task;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(set, Task.Delay(atMost, time, enough.Token));
        await enough.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (_set.Task.IsCompleted) _set = NewSignal();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
