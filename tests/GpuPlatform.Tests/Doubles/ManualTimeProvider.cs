namespace GpuPlatform.Tests.Doubles;

/// <summary>A clock that moves only by <see cref="Advance"/>; timers that come due on the way fire in order, each at its own instant.</summary>
internal sealed class ManualTimeProvider(DateTimeOffset? start = null) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = start ?? new DateTimeOffset(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>By how much somebody has set the clock on the wall. The time that passes is the same.</summary>
    public TimeSpan Setting { get; set; }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now + Setting;
    }

    public override long GetTimestamp()
    {
        lock (_lock)
            return _now.UtcTicks;
    }

    /// <summary>Timers that wait: a loop under test is at its wait when there is one.</summary>
    public int PendingTimerCount
    {
        get
        {
            lock (_lock)
                return _timers.Count(timer => timer.DueAt is not null);
        }
    }

    public void Advance(TimeSpan by)
    {
        var target = new DateTimeOffset(GetTimestamp(), TimeSpan.Zero) + by;
        while (TakeDue(target) is { } timer)
            timer.Fire();
        lock (_lock)
            _now = target;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        lock (_lock)
            _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    private ManualTimer? TakeDue(DateTimeOffset target)
    {
        lock (_lock)
        {
            var due = _timers.Where(timer => timer.DueAt <= target).MinBy(timer => timer.DueAt);
            if (due is null)
                return null;
            _now = due.DueAt!.Value > _now ? due.DueAt.Value : _now;
            due.DueAt = due.Period > TimeSpan.Zero ? due.DueAt + due.Period : null;
            return due;
        }
    }

    private sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset? DueAt { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                DueAt = dueTime == Timeout.InfiniteTimeSpan ? null : clock._now + dueTime;
                Period = period == Timeout.InfiniteTimeSpan ? TimeSpan.Zero : period;
            }
            return true;
        }

        public void Dispose()
        {
            lock (clock._lock)
                clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
