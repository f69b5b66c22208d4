using GpuPlatform.Contracts;
using GpuPlatform.History.Storage;
using Npgsql;

namespace GpuPlatform.Benchmarks;

/// <summary>
/// The yardstick for the store: its four statements, fed by one array per column in place of COPY into staging tables, in one batch that is
/// its own transaction: one round trip.
/// </summary>
internal sealed class ArrayIngest(NpgsqlDataSource database)
{
    private const string SeeGpus = """
        INSERT INTO gpu AS known (gpu_uuid, node_id, index, name, state, parent_uuid, memory_is_shared, first_seen_at, last_seen_at)
        SELECT gpu_uuid, $1, gpu_index, gpu_name, COALESCE(state, 'active'), parent_uuid, memory_is_shared, $2, $2
        FROM unnest($3::text[], $4::int[], $5::text[], $6::text[], $7::text[], $8::bool[])
            AS staged(gpu_uuid, gpu_index, gpu_name, state, parent_uuid, memory_is_shared) ORDER BY gpu_uuid
        ON CONFLICT (gpu_uuid) DO UPDATE SET (node_id, index, name, state, parent_uuid, memory_is_shared, first_seen_at, last_seen_at) =
        (SELECT (CASE WHEN newer THEN excluded.node_id ELSE known.node_id END), (CASE WHEN newer THEN excluded.index ELSE known.index END),
            (CASE WHEN newer THEN excluded.name ELSE known.name END), (CASE WHEN newer THEN excluded.state ELSE known.state END),
            (CASE WHEN newer THEN excluded.parent_uuid ELSE known.parent_uuid END),
            (CASE WHEN newer THEN excluded.memory_is_shared ELSE known.memory_is_shared END),
            LEAST(known.first_seen_at, excluded.first_seen_at), GREATEST(known.last_seen_at, excluded.last_seen_at)
        FROM (SELECT excluded.last_seen_at >= known.last_seen_at AS newer) AS order_of)
        WHERE excluded.last_seen_at > known.last_seen_at OR excluded.first_seen_at < known.first_seen_at
        """;

    private const string AddSamples = """
        INSERT INTO gpu_sample (gpu_uuid, sampled_at, node_id, utilization_percent, memory_utilization_percent, memory_total_bytes,
            memory_used_bytes, memory_free_bytes, memory_reserved_bytes, temperature_celsius, power_watts, power_limit_watts, error,
            energy_joules, state, lists_processes)
        SELECT staged.gpu_uuid, $2, $1, staged.a, staged.b, staged.c, staged.d, staged.e, staged.f, staged.g, staged.h, staged.i, staged.j,
            staged.k, staged.l, staged.m
        FROM unnest($3::text[], $4::float8[], $5::float8[], $6::int8[], $7::int8[], $8::int8[], $9::int8[], $10::float8[], $11::float8[],
            $12::float8[], $13::text[], $14::float8[], $15::text[], $16::bool[]) AS staged(gpu_uuid, a, b, c, d, e, f, g, h, i, j, k, l, m)
        WHERE staged.l IS DISTINCT FROM 'sleeping'
        ON CONFLICT DO NOTHING
        """;

    private const string SeeProcesses = """
        INSERT INTO gpu_process AS known (node_id, pid, started_at, gpu_uuid, memory_used_bytes, peak_memory_used_bytes, sm_percent,
            memory_percent, encoder_percent, decoder_percent, utilization_read_at, first_seen_at, last_seen_at)
        SELECT $1, pid, started_at, gpu_uuid, max(memory_used_bytes), max(memory_used_bytes), max(sm), max(mem), max(enc), max(dec), $2, $2, $2
        FROM unnest($3::text[], $4::int[], $5::timestamptz[], $6::int8[], $7::float8[], $8::float8[], $9::float8[], $10::float8[])
            AS staged(gpu_uuid, pid, started_at, memory_used_bytes, sm, mem, enc, dec)
        GROUP BY pid, started_at, gpu_uuid ORDER BY pid, started_at, gpu_uuid
        ON CONFLICT (node_id, pid, started_at, gpu_uuid) DO UPDATE SET
            memory_used_bytes = CASE WHEN excluded.last_seen_at >= known.last_seen_at
                THEN COALESCE(excluded.memory_used_bytes, known.memory_used_bytes) ELSE known.memory_used_bytes END,
            peak_memory_used_bytes = GREATEST(known.peak_memory_used_bytes, excluded.peak_memory_used_bytes),
            sm_percent = CASE WHEN known.utilization_read_at > excluded.utilization_read_at THEN known.sm_percent ELSE excluded.sm_percent END,
            memory_percent = CASE WHEN known.utilization_read_at > excluded.utilization_read_at THEN known.memory_percent ELSE excluded.memory_percent END,
            encoder_percent = CASE WHEN known.utilization_read_at > excluded.utilization_read_at THEN known.encoder_percent ELSE excluded.encoder_percent END,
            decoder_percent = CASE WHEN known.utilization_read_at > excluded.utilization_read_at THEN known.decoder_percent ELSE excluded.decoder_percent END,
            utilization_read_at = GREATEST(known.utilization_read_at, excluded.utilization_read_at),
            first_seen_at = LEAST(known.first_seen_at, excluded.first_seen_at),
            last_seen_at = GREATEST(known.last_seen_at, excluded.last_seen_at),
            ended_at = CASE WHEN known.ended_at < excluded.last_seen_at THEN NULL ELSE known.ended_at END
        """;

    private const string EndProcesses = """
        UPDATE gpu_process AS known SET ended_at = $2
        WHERE known.node_id = $1 AND known.ended_at IS NULL AND known.last_seen_at < $2
            AND NOT EXISTS (SELECT FROM unnest($3::text[], $4::int[], $5::timestamptz[]) AS seen(gpu_uuid, pid, started_at)
                WHERE seen.gpu_uuid = known.gpu_uuid AND seen.pid = known.pid AND seen.started_at = known.started_at)
            AND COALESCE((SELECT lists FROM unnest($6::text[], $7::bool[]) AS sample(gpu_uuid, lists) WHERE sample.gpu_uuid = known.gpu_uuid), true)
        """;

    public async Task SaveAsync(GpuSampled message)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        var gpus = message.Gpus;
        var uuids = Column(gpus, gpu => gpu.Uuid);
        var states = Column(gpus, gpu => gpu.State is GpuState.Active ? null : WireName.Of(gpu.State));
        var processes = gpus.SelectMany(gpu => (gpu.Processes ?? []).Select(process => (gpu.Uuid, Process: process))).ToList();
        var (owners, pids, starts) = (Column(processes, row => row.Uuid), Column(processes, row => row.Process.Pid),
            Column(processes, row => row.Process.StartedAt.UtcDateTime));
        Add(SeeGpus, uuids, Column(gpus, gpu => gpu.Index), Column(gpus, gpu => gpu.Name), states, Column(gpus, gpu => gpu.ParentUuid),
            Column(gpus, gpu => gpu.MemoryIsShared));
        Add(AddSamples, uuids, Column(gpus, gpu => gpu.UtilizationPercent), Column(gpus, gpu => gpu.MemoryUtilizationPercent),
            Column(gpus, gpu => gpu.MemoryTotalBytes), Column(gpus, gpu => gpu.MemoryUsedBytes), Column(gpus, gpu => gpu.MemoryFreeBytes),
            Column(gpus, gpu => gpu.MemoryReservedBytes), Column(gpus, gpu => gpu.TemperatureCelsius), Column(gpus, gpu => gpu.PowerWatts),
            Column(gpus, gpu => gpu.PowerLimitWatts), Column(gpus, gpu => gpu.Error), Column(gpus, gpu => gpu.EnergyJoules), states,
            Column(gpus, gpu => gpu.Processes is not null));
        Add(SeeProcesses, owners, pids, starts, Column(processes, row => row.Process.MemoryUsedBytes), Column(processes, row => row.Process.SmPercent),
            Column(processes, row => row.Process.MemoryPercent), Column(processes, row => row.Process.EncoderPercent),
            Column(processes, row => row.Process.DecoderPercent));
        Add(EndProcesses, owners, pids, starts, uuids, Column(gpus, gpu => gpu.Processes is not null));
        await batch.ExecuteNonQueryAsync();

        void Add(string statement, params ReadOnlySpan<NpgsqlParameter> columns)
        {
            var command = new NpgsqlBatchCommand(statement)
            {
                Parameters = { new NpgsqlParameter<string> { TypedValue = message.NodeId }, new NpgsqlParameter<DateTime> { TypedValue = message.SampledAt.UtcDateTime } },
            };
            foreach (var column in columns)
                // A parameter belongs to one command
                command.Parameters.Add(column.Clone());
            batch.BatchCommands.Add(command);
        }
    }

    private static NpgsqlParameter<TValue[]> Column<TRow, TValue>(IReadOnlyList<TRow> rows, Func<TRow, TValue> value) =>
        new() { TypedValue = [.. rows.Select(value)] };
}
