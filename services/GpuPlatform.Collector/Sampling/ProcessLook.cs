namespace GpuPlatform.Collector.Sampling;

/// <summary>
/// Looks at the process lists because something happened on the host. A program opens the GPU some time after it has begun, so one look is followed by
/// others, ever further apart. However much happens, the driver is asked so often only, and while nothing happens not at all.
/// </summary>
internal sealed partial class ProcessLook(Func<bool> look, Func<TimeSpan> processInterval, TimeProvider clock, ILogger<ProcessLook> logger) : BackgroundService
{
    /// <summary>Looks that may follow each other without waiting for the allowance to grow again.</summary>
    internal const int MostAtOnce = 10;

    // Pauses before each look: ten seconds in all, as long as a large game takes to open its window
    private static readonly TimeSpan[] Pauses = [.. new[] { 0, 0.2, 0.3, 0.5, 1, 1, 1, 2, 2, 2 }.Select(TimeSpan.FromSeconds)];

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(200);

    private readonly SemaphoreSlim _asked = new(0, 1);
    private double _allowance = MostAtOnce;
    private long _allowanceAt = clock.GetTimestamp();
    private long? _lookedAt;
    private bool _hasFailed;

    /// <summary>Looks taken since start.</summary>
    public long LookCount { get; private set; }

    /// <summary>Says that something happened. From any thread, at any rate.</summary>
    public void Ask()
    {
        try
        {
            _asked.Release();
        }
        catch (SemaphoreFullException)
        {
            // The look that was asked for already is still to come
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _asked.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var asked = _asked.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            await asked.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            for (var step = 0; step < Pauses.Length; step++)
            {
                if (asked.IsCompletedSuccessfully)
                    (asked, step) = (_asked.WaitAsync(stoppingToken), 0);
                else
                    await Task.WhenAny(asked, Task.Delay(Pauses[step], clock, stoppingToken));
                await Task.Delay(UntilAllowed(), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                Look();
            }
        }
    }

    // A fifth of the time between two ordinary readings of the lists: where programs start all day long the driver is asked five times as often, not more
    private TimeSpan UntilAllowed()
    {
        var (refill, now) = (Refill(), clock.GetTimestamp());
        var allowed = _allowance >= 1 ? TimeSpan.Zero : refill * (1 - _allowance);
        var spaced = _lookedAt is { } at ? Shortest - clock.GetElapsedTime(at, now) : TimeSpan.Zero;
        return spaced > allowed ? spaced : allowed;
    }

    private TimeSpan Refill()
    {
        var (refill, now) = (processInterval() / 5, clock.GetTimestamp());
        _allowance = Math.Min(MostAtOnce, _allowance + clock.GetElapsedTime(_allowanceAt, now) / refill);
        _allowanceAt = now;
        return refill;
    }

    private void Look()
    {
        // What grew while it was waited for is used up by this look
        Refill();
        _allowance = Math.Max(0, _allowance - 1);
        _lookedAt = clock.GetTimestamp();
        try
        {
            look();
            LookCount++;
            _hasFailed = false;
        }
        catch (Exception e)
        {
            if (!_hasFailed)
                Log.Failed(logger, e);
            _hasFailed = true;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "A look at the process lists failed; it is tried again with the next process, and further failures are not told")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
