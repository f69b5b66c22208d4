using System.Diagnostics.Metrics;

namespace GpuPlatform.Collector.Sampling;

/// <summary>
/// Runs one piece of work at t = 0 and then at every interval, for as long as the host runs, whatever the work throws. Work that reports on
/// something else may wait for <paramref name="subject"/> to be there, but not for long. Work says true when it came to its end; work that
/// <paramref name="overlaps"/> is begun again at every interval though it may still be under way, and has to see to that itself.
/// </summary>
internal sealed partial class TickLoop(
    string name, TimeSpan interval, Func<bool> tick, Counter<long> failures, TimeProvider clock, ILogger<TickLoop> logger, Task? subject = null,
    bool overlaps = false)
    : BackgroundService
{
    // A tick that hangs must not use up the time in which the rest of the host stops, and empties its queue
    internal static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(2);

    private readonly KeyValuePair<string, object?> _loop = new("loop", name);
    private long _lastEndedAt = clock.GetTimestamp();
    private long _failureCount;
    private long _lastDurationTicks = -1;
    private long _lastSucceededAt;
    private string? _failure;

    public string Name => name;

    /// <summary>Ticks that threw since start.</summary>
    public long FailureCount => Interlocked.Read(ref _failureCount);

    /// <summary>What the last tick threw, in words; null when it threw nothing.</summary>
    public string? Failure => Volatile.Read(ref _failure);

    /// <summary>How long the last tick took, in whatever way it ended; null before the first.</summary>
    public TimeSpan? LastDuration => Interlocked.Read(ref _lastDurationTicks) is >= 0 and var ticks ? TimeSpan.FromTicks(ticks) : null;

    /// <summary>UTC instant at which a tick last ended well; null before.</summary>
    public DateTimeOffset? LastSucceededAt => Interlocked.Read(ref _lastSucceededAt) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>True when no tick has ended for several intervals: the work hangs, or never began.</summary>
    public bool IsStuck => SinceLastTick > interval * SamplingOptions.StaleAfterIntervals;

    /// <summary>Time since a tick ended, in whatever way.</summary>
    public TimeSpan SinceLastTick => clock.GetElapsedTime(Interlocked.Read(ref _lastEndedAt));

    /// <summary>One tick. Never throws.</summary>
    public void RunOnce()
    {
        var began = clock.GetTimestamp();
        try
        {
            if (!tick())
                return;
            if (_failure is not null)
                Log.Recovered(logger, name, FailureCount);
            Volatile.Write(ref _failure, null);
            Interlocked.Exchange(ref _lastSucceededAt, clock.GetUtcNow().UtcTicks);
        }
        catch (Exception e)
        {
            Interlocked.Increment(ref _failureCount);
            failures.Add(1, _loop);
            if (_failure is null)
                Log.Failed(logger, e, name);
            Volatile.Write(ref _failure, e.Message);
        }
        Interlocked.Exchange(ref _lastDurationTicks, clock.GetElapsedTime(began).Ticks);
        Interlocked.Exchange(ref _lastEndedAt, clock.GetTimestamp());
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(StopTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        await base.StopAsync(either.Token);
        if (ExecuteTask is { IsCompleted: false })
            Log.Abandoned(logger, name);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A driver call may block for seconds; the host's start must not wait for it
        await Task.Yield();
        // Without a first measurement there would be no series to compare with
        failures.Add(0, _loop);
        // As many as hang, and one
        var running = new List<Task>();
        try
        {
            if (subject is not null)
                await Task.WhenAny(subject, Task.Delay(interval / 5, clock, stoppingToken));
            using var timer = new PeriodicTimer(interval, clock);
            do
            {
                running.RemoveAll(task => task.IsCompleted);
                if (overlaps)
                    running.Add(Task.Run(RunOnce, CancellationToken.None));
                else
                    RunOnce();
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What it reads from is closed after it
            await Task.WhenAll(running);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The {Name} hangs and is left behind")]
        public static partial void Abandoned(ILogger logger, string name);

        [LoggerMessage(Level = LogLevel.Error, Message = "The {Name} failed; it goes on, and further failures are only counted")]
        public static partial void Failed(ILogger logger, Exception exception, string name);

        [LoggerMessage(Level = LogLevel.Information, Message = "The {Name} works again; {FailureCount} ticks have failed since start")]
        public static partial void Recovered(ILogger logger, string name, long failureCount);
    }
}
