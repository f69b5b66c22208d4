namespace GpuPlatform.Collector.Guard;

/// <summary>
/// Looks at the driver's process lists before their time, because something began or ended. A program has no context on the GPU yet when it begins, so that
/// a few looks follow; and however much begins on the host, they stay few, because each costs the driver a moment. Used by one thread at a time.
/// </summary>
internal sealed partial class DriverLooks(Action look, ILogger logger)
{
    internal const int MostAtOnce = 6;
    internal static readonly TimeSpan Refill = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan[] FollowUps = [TimeSpan.Zero, TimeSpan.FromMilliseconds(150), TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(900), TimeSpan.FromSeconds(2)];

    private readonly SortedSet<TimeSpan> _dues = [];
    private Task _looking = Task.CompletedTask;
    private double _tokens = MostAtOnce;
    private TimeSpan? _countedAt;

    /// <summary>Something has begun or ended.</summary>
    public void Stir(TimeSpan now)
    {
        _dues.Clear();
        foreach (var after in FollowUps) _dues.Add(now + after);
    }

    /// <summary>Somebody wants to know at that instant.</summary>
    public void Ask(TimeSpan at) => _dues.Add(at);

    /// <summary>Begins a look when one is due. Returns when to be called again; null: not before something is asked.</summary>
    public TimeSpan? Pump(TimeSpan now)
    {
        _tokens = Math.Min(MostAtOnce, _tokens + (now - (_countedAt ?? now)) / Refill);
        _countedAt = now;
        if (_dues.Count == 0) return null;
        if (_dues.Min > now) return _dues.Min;
        if (!_looking.IsCompleted) return now + FollowUps[1];
        if (_tokens < 1) return now + (1 - _tokens) * Refill;
        _tokens--;
        _dues.RemoveWhere(due => due <= now);
        _looking = Task.Run(Look, CancellationToken.None);
        return _dues.Count == 0 ? null : _dues.Min;
    }

    private void Look()
    {
        try
        {
            look();
        }
        catch (Exception e)
        {
            Log.Failed(logger, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "A look at the GPUs' processes failed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
