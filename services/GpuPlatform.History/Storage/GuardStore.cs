using GpuPlatform.Contracts;
using GpuPlatform.History.Ingest;
using Npgsql;

namespace GpuPlatform.History.Storage;

/// <summary>Stores steps of hand-overs. The key decides what is new: a second delivery changes nothing.</summary>
internal sealed class GuardStore(Databases databases)
{
    private const string AddStep = """
        INSERT INTO guard_event (node_id, gpu_uuid, changed_at, hand_over_id, from_state, to_state, throttle, cause, reason, in_state_ms, pid,
            process_started_at, process_name, process_kind, process_memory_bytes, memory_used_bytes, memory_used_before_bytes, cancelled_count,
            held_count, models)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) ON CONFLICT DO NOTHING
        """;

    public async Task<Stored> SaveAsync(GuardChanged message, CancellationToken cancellation)
    {
        await using var connection = await databases.Ingest.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        var process = message.Process;
        Sql.Add(batch, AddStep, message.NodeId, message.GpuUuid, message.ChangedAt.UtcDateTime, message.HandOverId, WireName.Of(message.From),
            WireName.Of(message.To), WireName.Of(message.Throttle), WireName.Of(message.Cause), Text.Clean(message.Reason), message.InStateMs, process?.Pid,
            process?.StartedAt.UtcDateTime, Text.Clean(process?.Name), process?.Kind is { } kind ? WireName.Of(kind) : null, process?.MemoryUsedBytes,
            message.MemoryUsedBytes, message.MemoryUsedBeforeBytes, message.CancelledCount, message.HeldCount, Text.Clean(message.Models));
        var inserted = await batch.ExecuteNonQueryAsync(cancellation);
        return new Stored(inserted, 1 - inserted);
    }
}
