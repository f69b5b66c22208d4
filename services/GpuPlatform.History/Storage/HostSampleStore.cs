using GpuPlatform.Contracts;
using GpuPlatform.History.Ingest;
using Npgsql;

namespace GpuPlatform.History.Storage;

/// <summary>Stores a heartbeat: the host's load as a row of time, the collector's state as the newest of the node.</summary>
internal sealed class HostSampleStore(Databases databases)
{
    private const string AddSample = """
        INSERT INTO host_sample (node_id, sampled_at, cpu_percent, memory_total_bytes, memory_used_bytes, task_count,
            load_average_1_minute, load_average_5_minutes, load_average_15_minutes, average_gpu_utilization_percent)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING
        """;

    private const string SeeNode = """
        INSERT INTO node AS known (node_id, last_seen_at, logical_processor_count, collector_version, gpu_source, gpu_unavailable_reason,
            driver_version, cuda_version, nvml_version, messages_queued, messages_dropped, problems, game_mode, guard_enabled)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        ON CONFLICT (node_id) DO UPDATE SET
            last_seen_at = excluded.last_seen_at, logical_processor_count = excluded.logical_processor_count,
            collector_version = excluded.collector_version, gpu_source = excluded.gpu_source,
            gpu_unavailable_reason = excluded.gpu_unavailable_reason, driver_version = excluded.driver_version,
            cuda_version = excluded.cuda_version, nvml_version = excluded.nvml_version,
            messages_queued = excluded.messages_queued, messages_dropped = excluded.messages_dropped,
            problems = excluded.problems, game_mode = excluded.game_mode, guard_enabled = excluded.guard_enabled
        WHERE excluded.last_seen_at > known.last_seen_at
        """;

    public async Task<Stored> SaveAsync(HostSampled message, CancellationToken cancellation)
    {
        await using var connection = await databases.Ingest.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection, transaction);
        var at = message.SampledAt.UtcDateTime;
        var collector = message.Collector;
        Sql.Add(batch, AddSample, message.NodeId, at, message.CpuPercent, message.MemoryTotalBytes, message.MemoryUsedBytes, message.TaskCount,
            message.LoadAverage1Minute, message.LoadAverage5Minutes, message.LoadAverage15Minutes, message.AverageGpuUtilizationPercent);
        Sql.Add(batch, SeeNode, message.NodeId, at, message.LogicalProcessorCount, Text.Clean(collector.Version), Text.Clean(collector.GpuSource),
            Text.Clean(collector.GpuUnavailableReason), Text.Clean(collector.DriverVersion), Text.Clean(collector.CudaVersion),
            Text.Clean(collector.NvmlVersion), collector.MessagesQueued, collector.MessagesDropped, Text.Clean(collector.Problems), collector.GameMode,
            collector.GuardEnabled);
        await batch.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        var inserted = (int)batch.BatchCommands[0].RecordsAffected;
        return new Stored(inserted, 1 - inserted);
    }
}
