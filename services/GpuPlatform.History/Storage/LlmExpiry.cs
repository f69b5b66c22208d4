using Microsoft.Extensions.Options;

namespace GpuPlatform.History.Storage;

/// <summary>Every hour: removes what is older than it is to be kept, a few thousand rows at a time so that ingest never waits for long.</summary>
internal sealed partial class LlmExpiry(
    Databases databases, SchemaStartup schema, HistoryMetrics metrics, TimeProvider time, IOptions<HistoryOptions> options, ILogger<LlmExpiry> logger)
    : BackgroundService
{
    private const int RowsAtOnce = 5000;
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    /// <summary>A combination counts as used to within a day, and a request may be dated ahead by at most another.</summary>
    private static readonly TimeSpan TraitSlack = TimeSpan.FromDays(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            await schema.Ready.WaitAsync(stoppingToken);
            do
                await TryExpireAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    internal async Task ExpireAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var oldest = now - options.Value.LlmRetention;
        await RemoveAsync("llm_content", "started_at", Later(oldest, now - options.Value.LlmContentRetention), cancellation);
        await RemoveAsync("llm_request", "started_at", oldest, cancellation);
        await RemoveAsync("model_residency", "changed_at", oldest, cancellation);
        // After the requests that had them
        await RemoveAsync("llm_trait", "used_at", oldest - TraitSlack, cancellation);
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private async Task TryExpireAsync(CancellationToken cancellation)
    {
        try
        {
            await ExpireAsync(cancellation);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            Log.Failed(logger, failure.GetBaseException().Message);
        }
    }

    private async Task RemoveAsync(string table, string instant, DateTimeOffset before, CancellationToken cancellation)
    {
        long removed = 0;
        for (var rows = RowsAtOnce; rows == RowsAtOnce; removed += rows)
        {
            // A row that is changed while it waits to be removed is looked at again: the condition stands outside as well
            await using var command = databases.Queries.CreateCommand($"""
                DELETE FROM {table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM {table} WHERE {instant} < $1 LIMIT {RowsAtOnce})) AND {instant} < $1
                """);
            command.Parameters.Add(new() { Value = before });
            rows = await command.ExecuteNonQueryAsync(cancellation);
        }

        if (removed == 0)
            return;
        metrics.CountExpired(table, removed);
        Log.Removed(logger, removed, table, before);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Removed {Rows} rows of {Table} from before {Before}")]
        public static partial void Removed(ILogger logger, long rows, string table, DateTimeOffset before);

        [LoggerMessage(2, LogLevel.Warning, "Old requests could not be removed ({Reason}); it is tried again in an hour")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
