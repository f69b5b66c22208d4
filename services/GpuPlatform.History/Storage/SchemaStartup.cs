using GpuPlatform.History.Live;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace GpuPlatform.History.Storage;

/// <summary>Brings the schema up to date and fills the live state, as soon as the database answers; ingest and queries wait for it.</summary>
internal sealed partial class SchemaStartup(
    IDbContextFactory<HistoryContext> contexts, LiveState live, LiveLoad load, TimeProvider time, ILogger<SchemaStartup> logger) : BackgroundService
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the tables are there.</summary>
    public Task Ready => _ready.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var delay = FirstDelay;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var context = await contexts.CreateDbContextAsync(stoppingToken);
                // EF Core takes a lock in the database first: replicas that start together migrate once.
                await context.Database.MigrateAsync(stoppingToken);
                await load.FillAsync(context, live, stoppingToken);
                Log.Ready(logger, live.NodeCount);
                _ready.TrySetResult();
                return;
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                if (delay == FirstDelay)
                    Log.Waiting(logger, failure is NpgsqlException ? null : failure, failure.GetBaseException().Message);
            }

            await Task.Delay(delay, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The schema is up to date, {Nodes} nodes are known")]
        public static partial void Ready(ILogger logger, int nodes);

        [LoggerMessage(2, LogLevel.Warning, "The database is not ready ({Reason}); it is tried again until it is. Messages wait in the broker")]
        public static partial void Waiting(ILogger logger, Exception? exception, string reason);
    }
}
