namespace GpuPlatform.History.Live;

/// <summary>Every second: who is stale, who is forgotten. Every ten seconds: a sign of life on the feeds.</summary>
internal sealed partial class LiveClock(LiveState live, LiveHub hub, TimeProvider time, ILogger<LiveClock> logger) : BackgroundService
{
    private const int TicksPerBeat = 10;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private int _ticks;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                Tick();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    internal void Tick()
    {
        try
        {
            live.Tick();
            if (++_ticks % TicksPerBeat == 0)
                hub.Beat();
        }
        catch (Exception failure)
        {
            Log.TickFailed(logger, failure);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A tick of the live state failed; the next one comes")]
        public static partial void TickFailed(ILogger logger, Exception failure);
    }
}
