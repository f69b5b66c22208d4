namespace GpuPlatform.Collector.Sampling;

/// <summary>Switches <see cref="SamplingPace.GameMode"/> by hand, for a time if asked.</summary>
internal sealed class GameModeSwitch(SamplingPace pace, TimeProvider clock) : IDisposable
{
    private readonly Lock _gate = new();
    private ITimer? _timer;
    private DateTimeOffset? _until;

    /// <summary>Whether it is on, and when it ends by itself; null: it does not.</summary>
    public (bool On, DateTimeOffset? Until) State
    {
        get
        {
            lock (_gate)
                return (pace.GameMode, pace.GameMode ? _until : null);
        }
    }

    /// <summary>Switches; a later call replaces an earlier one with its time.</summary>
    public void Set(bool on, TimeSpan? duration)
    {
        lock (_gate)
        {
            _timer?.Dispose();
            (_timer, _until) = (null, null);
            pace.GameMode = on;
            if (!on || duration is not { } time)
                return;
            var until = clock.GetUtcNow() + time;
            _until = until;
            _timer = clock.CreateTimer(_ => End(until), null, time, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_gate)
            _timer?.Dispose();
    }

    // A timer that fired while it was being replaced must not end its successor
    private void End(DateTimeOffset until)
    {
        lock (_gate)
            if (_until == until)
                pace.GameMode = false;
    }
}
