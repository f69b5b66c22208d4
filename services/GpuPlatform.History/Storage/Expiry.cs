using Microsoft.Extensions.Options;

namespace GpuPlatform.History.Storage;

/// <summary>Every hour: removes what is older than it is to be kept, a few thousand rows at a time so that ingest never waits for long.</summary>
internal sealed partial class Expiry(
    Databases databases, SchemaStartup schema, HistoryMetrics metrics, TimeProvider time, IOptions<HistoryOptions> options, ILogger<Expiry> logger)
    : BackgroundService
{
    private const int RowsAtOnce = 5000;
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    /// <summary>A combination counts as used to within a day, and a request may be dated ahead by at most another.</summary>
    private static readonly TimeSpan TraitSlack = TimeSpan.FromDays(3);

    /// <summary>Lists of processes are kept for others that come late.</summary>
    private static readonly TimeSpan LateLists = TimeSpan.FromHours(1);

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
        await RemoveAsync("guard_event", "changed_at", now - options.Value.GuardRetention, cancellation);
        await RemoveAsync("process_list", "stored_at", now - LateLists, cancellation);
        await ExpireProcessesAsync(now - options.Value.ProcessRetention, cancellation);
    }

    // Processes before what is known of them: a verdict may be old and its process still there
    private async Task ExpireProcessesAsync(DateTimeOffset oldest, CancellationToken cancellation)
    {
        await RemoveAsync("process_hour", "hour", oldest, cancellation);
        await RemoveAsync("gpu_process", "last_seen_at", oldest, cancellation);
        foreach (var table in (string[])["process_kind", "process_verdict"])
            await RemoveAsync(table, "observed_at", oldest, cancellation, $"""
                NOT EXISTS (SELECT FROM gpu_process seen
                    WHERE seen.node_id = {table}.node_id AND seen.pid = {table}.pid AND seen.started_at = {table}.started_at)
                """);
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

    private async Task RemoveAsync(string table, string instant, DateTimeOffset before, CancellationToken cancellation, string further = "true")
    {
        long removed = 0;
        for (var rows = RowsAtOnce; rows == RowsAtOnce; removed += rows)
        {
            // A row that is changed while it waits to be removed is looked at again: the condition stands outside as well
            await using var command = databases.Queries.CreateCommand($"""
                DELETE FROM {table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM {table} WHERE {instant} < $1 AND {further} LIMIT {RowsAtOnce})) AND {instant} < $1
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

        [LoggerMessage(2, LogLevel.Warning, "What is too old could not be removed ({Reason}); it is tried again in an hour")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
