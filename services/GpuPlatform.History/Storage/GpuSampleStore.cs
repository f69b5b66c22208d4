using GpuPlatform.Contracts;
using Npgsql;

namespace GpuPlatform.History.Storage;

/// <summary>What a message added to the tables.</summary>
/// <param name="Inserted">Rows that are new.</param>
/// <param name="Duplicates">Rows that were there already.</param>
internal readonly record struct Stored(int Inserted, int Duplicates);

/// <summary>
/// Stores a tick of readings in one transaction. Every statement gives the same result whatever the order and however often
/// messages arrive: keys decide what is new, instants decide what is newer.
/// </summary>
internal sealed class GpuSampleStore(Databases databases)
{
    // Ordered by key: two ticks of one host that are stored at the same time lock the rows in the same order.
    private const string SeeGpus = """
        INSERT INTO gpu AS known (gpu_uuid, node_id, index, name, state, parent_uuid, memory_is_shared, first_seen_at, last_seen_at)
        SELECT gpu_uuid, $1, gpu_index, gpu_name, COALESCE(state, 'active'), parent_uuid, memory_is_shared, $2, $2 FROM staged_sample ORDER BY gpu_uuid
        ON CONFLICT (gpu_uuid) DO UPDATE SET (node_id, index, name, state, parent_uuid, memory_is_shared, first_seen_at, last_seen_at) =
        (SELECT (CASE WHEN newer THEN excluded.node_id ELSE known.node_id END), (CASE WHEN newer THEN excluded.index ELSE known.index END),
            (CASE WHEN newer THEN excluded.name ELSE known.name END), (CASE WHEN newer THEN excluded.state ELSE known.state END),
            (CASE WHEN newer THEN excluded.parent_uuid ELSE known.parent_uuid END),
            (CASE WHEN newer THEN excluded.memory_is_shared ELSE known.memory_is_shared END),
            LEAST(known.first_seen_at, excluded.first_seen_at), GREATEST(known.last_seen_at, excluded.last_seen_at)
        FROM (SELECT excluded.last_seen_at >= known.last_seen_at AS newer) AS order_of)
        WHERE excluded.last_seen_at > known.last_seen_at OR excluded.first_seen_at < known.first_seen_at
        """;

    // A GPU that sleeps is seen, but says nothing: there is no reading to keep.
    private const string AddSamples = """
        WITH added AS (
            INSERT INTO gpu_sample (gpu_uuid, sampled_at, node_id, utilization_percent, memory_utilization_percent, memory_total_bytes,
                memory_used_bytes, memory_free_bytes, memory_reserved_bytes, temperature_celsius, power_watts, power_limit_watts, energy_joules, state,
                error, lists_processes)
            SELECT gpu_uuid, $2, $1, utilization_percent, memory_utilization_percent, memory_total_bytes,
                memory_used_bytes, memory_free_bytes, memory_reserved_bytes, temperature_celsius, power_watts, power_limit_watts, energy_joules, state,
                error, lists_processes
            FROM staged_sample WHERE state IS DISTINCT FROM 'sleeping'
            ON CONFLICT DO NOTHING
            RETURNING gpu_uuid, lists_processes
        )
        INSERT INTO staged_new (gpu_uuid, lists_processes) SELECT gpu_uuid, lists_processes FROM added
        """;

    // A late tick finds the newer list that its processes are missing in among the samples.
    private static readonly string SeeProcesses = $"""
        INSERT INTO gpu_process AS known (node_id, pid, started_at, gpu_uuid, memory_used_bytes, peak_memory_used_bytes, sm_percent, memory_percent,
            encoder_percent, decoder_percent, utilization_read_at, first_seen_at, last_seen_at, ended_at)
        SELECT $1, pid, started_at, gpu_uuid, max(memory_used_bytes), max(memory_used_bytes), max(sm_percent), max(memory_percent),
            max(encoder_percent), max(decoder_percent), $2, $2, $2,
            (SELECT min(sampled_at) FROM gpu_sample list WHERE list.gpu_uuid = staged_process.gpu_uuid AND sampled_at > $2 AND lists_processes)
        FROM staged_process GROUP BY pid, started_at, gpu_uuid ORDER BY pid, started_at, gpu_uuid
        ON CONFLICT (node_id, pid, started_at, gpu_uuid) DO UPDATE SET
            memory_used_bytes = {ProcessStore.NewerMemory},
            peak_memory_used_bytes = GREATEST(known.peak_memory_used_bytes, excluded.peak_memory_used_bytes),
            sm_percent = {Newer("sm_percent")}, memory_percent = {Newer("memory_percent")}, encoder_percent = {Newer("encoder_percent")},
            decoder_percent = {Newer("decoder_percent")}, utilization_read_at = GREATEST(known.utilization_read_at, excluded.utilization_read_at),
            first_seen_at = LEAST(known.first_seen_at, excluded.first_seen_at),
            last_seen_at = GREATEST(known.last_seen_at, excluded.last_seen_at),
            ended_at = {ProcessStore.EndAfterSighting}
        """;

    // A row that was seen after this tick stays as it is, so a late tick closes nothing that a newer one saw; of several lists that miss
    // a process the earliest dates its end. A row of which only the exit has come (last seen < first seen) waits for its start.
    private const string EndProcesses = """
        UPDATE gpu_process AS known SET ended_at = $2
        WHERE known.node_id = $1 AND (known.ended_at IS NULL OR known.ended_at > $2)
            AND known.last_seen_at < $2 AND known.last_seen_at >= known.first_seen_at
            AND NOT EXISTS (SELECT FROM staged_process seen
                WHERE seen.gpu_uuid = known.gpu_uuid AND seen.pid = known.pid AND seen.started_at = known.started_at)
            AND COALESCE((SELECT lists_processes FROM staged_sample sample WHERE sample.gpu_uuid = known.gpu_uuid), true)
        """;

    // Shares are of a list, and an observation in between brings none: another instant than last_seen_at decides
    private static string Newer(string share) =>
        $"CASE WHEN known.utilization_read_at > excluded.utilization_read_at THEN known.{share} ELSE excluded.{share} END";

    public async Task<Stored> SaveAsync(GpuSampled message, CancellationToken cancellation)
    {
        await using var connection = await databases.Ingest.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (message.Gpus.Count > 0)
            await Staging.CopySamplesAsync(connection, message.Gpus, cancellation);
        if (message.Gpus.Any(gpu => gpu.Processes is { Count: > 0 }))
            await Staging.CopyProcessesAsync(connection, message.Gpus, cancellation);
        var hasDetails = message.Gpus.Any(gpu => gpu.Details is not null);
        if (hasDetails)
            await DetailStaging.CopyAsync(connection, message.Gpus, cancellation);
        await using var batch = new NpgsqlBatch(connection, transaction);
        var hasLists = message.Gpus.Any(gpu => gpu.Processes is not null);
        string[] statements =
        [
            SeeGpus, AddSamples, SeeProcesses, EndProcesses, .. hasLists ? UsageStaging.StatementsAt(message.SampledAt) : [], .. hasDetails ? DetailStaging.Statements : [],
        ];
        foreach (var statement in statements)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement)
            {
                Parameters =
                {
                    new NpgsqlParameter<string> { TypedValue = message.NodeId },
                    new NpgsqlParameter<DateTime> { TypedValue = message.SampledAt.UtcDateTime },
                },
            });
        }

        await batch.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        var inserted = (int)batch.BatchCommands[1].RecordsAffected;
        return new Stored(inserted, message.Gpus.Count(gpu => gpu.State is not GpuState.Sleeping) - inserted);
    }
}
