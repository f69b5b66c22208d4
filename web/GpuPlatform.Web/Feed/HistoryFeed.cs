using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Feed;

/// <summary>
/// The one reader of History's live feed in this process. Subscribes first and reads the stored minutes after,
/// so that nothing falls between the two; does so again after every reconnect, so that gaps heal.
/// </summary>
internal sealed partial class HistoryFeed(Func<HistoryClient> connect, LiveStore store, TimeProvider time, ILogger<HistoryFeed> logger)
    : BackgroundService
{
    private static readonly TimeSpan RefreshEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestEnergy = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan EnergyRange = TimeSpan.FromHours(24);
    private static readonly TimeSpan RetryRefreshAfter = TimeSpan.FromSeconds(5);

    private long? _energyReadAt;
    private TimeSpan _energyLasts;

    /// <summary>1, 2, 4, 8 and then 10 s.</summary>
    internal static TimeSpan BackOff(int failures) => TimeSpan.FromSeconds(Math.Min(10, Math.Pow(2, Math.Clamp(failures - 1, 0, 8))));

    /// <summary>For how long a day's energy is as good as new: until what was read has grown by a tenth. A whole day has many readings, and its sum moves slowly.</summary>
    internal static TimeSpan EnergyLasts(HistoricalSeries day)
    {
        var first = day.Gpus.Where(gpu => gpu.Points.Count > 0).Min(gpu => (DateTimeOffset?)gpu.Points[0].At) ?? day.To;
        var tenth = (day.To - first) / 10;
        return tenth < LongestEnergy ? tenth : LongestEnergy;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var failures = 0; !stoppingToken.IsCancellationRequested;)
        {
            failures = await ConnectOnceAsync(stoppingToken) ? 1 : failures + 1;
            try
            {
                await Task.Delay(BackOff(failures), time, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    // True when the feed was open for a while, whatever ended it.
    private async Task<bool> ConnectOnceAsync(CancellationToken cancellationToken)
    {
        var opened = false;
        try
        {
            var client = connect();
            await using var live = await client.OpenLiveAsync(cancellationToken);
            opened = true;
            store.Connected();
            Log.Connected(logger);
            await FollowAsync(client, live, cancellationToken);
            Lose(FeedConnection.Reconnecting, "History ended the feed");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            Lose(opened ? FeedConnection.Reconnecting : FeedConnection.Unreachable, HistoryProblem.Of(exception));
        }
        return opened;
    }

    private async Task FollowAsync(HistoryClient client, LiveStream live, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var refreshing = RefreshUntilEndedAsync(client, ended.Token);
        try
        {
            await foreach (var node in live.ReadAsync(cancellationToken))
            {
                if (node is null) Log.Malformed(logger, store.State.MalformedEvents + 1);
                store.Apply(node);
            }
        }
        finally
        {
            await ended.CancelAsync();
            await refreshing;
        }
    }

    // Repeated although events arrive: a collector that was cut off delivers late, and only the stored series has those samples.
    private async Task RefreshUntilEndedAsync(HistoryClient client, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(RefreshEvery, time);
        try
        {
            do
            {
                timer.Period = await TryRefreshAsync(client, cancellationToken) ? RefreshEvery : RetryRefreshAfter;
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task<bool> TryRefreshAsync(HistoryClient client, CancellationToken cancellationToken)
    {
        try
        {
            store.Reconcile(await client.GetRealtimeAsync(cancellationToken));
            store.Backfill(await client.GetHistoricalAsync(GpuWindow.Length + TimeSpan.FromSeconds(12), cancellationToken));
            await RefreshEnergyAsync(client, cancellationToken);
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.RefreshFailed(logger, HistoryProblem.Of(exception));
            return false;
        }
    }

    private async Task RefreshEnergyAsync(HistoryClient client, CancellationToken cancellationToken)
    {
        if (_energyReadAt is { } last && time.GetElapsedTime(last) < _energyLasts) return;
        var day = await client.GetHistoricalAsync(EnergyRange, cancellationToken);
        store.TakeEnergy(day);
        (_energyReadAt, _energyLasts) = (time.GetTimestamp(), EnergyLasts(day));
    }

    private void Lose(FeedConnection connection, string problem)
    {
        if (store.State.Connection != connection) Log.Lost(logger, problem);
        store.Disconnected(connection, problem);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "History's live feed is open")]
        public static partial void Connected(ILogger logger);

        [LoggerMessage(LogLevel.Warning, "History's live feed is not there: {Problem}; trying again until it is")]
        public static partial void Lost(ILogger logger, string problem);

        [LoggerMessage(LogLevel.Debug, "An event of History's live feed could not be read; {Count} so far")]
        public static partial void Malformed(ILogger logger, long count);

        [LoggerMessage(LogLevel.Warning, "The stored minutes could not be read: {Problem}")]
        public static partial void RefreshFailed(ILogger logger, string problem);
    }
}
