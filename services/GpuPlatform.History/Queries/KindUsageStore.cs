using GpuPlatform.Contracts;
using GpuPlatform.History.Storage;
using Npgsql;
using static GpuPlatform.History.Queries.LlmFilter;

namespace GpuPlatform.History.Queries;

/// <summary>Reads what processes used and adds it up by kind of work and hour.</summary>
internal sealed class KindUsageStore(Databases databases)
{
    // As it was judged by the end of the hour; before its first verdict as by that one
    private const string Hours = """
        SELECT h.hour, h.node_id, h.gpu_uuid,
            COALESCE((SELECT kind FROM process_kind k WHERE k.node_id = h.node_id AND k.pid = h.pid AND k.started_at = h.started_at
                    AND k.observed_at < h.hour + interval '1 hour' ORDER BY k.observed_at DESC LIMIT 1),
                (SELECT kind FROM process_kind k WHERE k.node_id = h.node_id AND k.pid = h.pid AND k.started_at = h.started_at
                    ORDER BY k.observed_at LIMIT 1)) AS kind,
            h.first_at, h.last_at, h.measured_ms, CASE WHEN h.memory_ms > 0 THEN h.memory_kib_ms END, CASE WHEN h.sm_ms > 0 THEN h.sm_us END,
            CASE WHEN h.encoder_ms > 0 THEN h.encoder_us END, CASE WHEN h.energy_ms > 0 THEN h.energy_millijoules END, h.peak_memory_bytes, h.rest_ms
        FROM process_hour h
        WHERE h.hour >= $1 AND h.hour < $2 AND ($3::text IS NULL OR h.node_id = $3) AND ($4::text IS NULL OR h.gpu_uuid = $4)
        ORDER BY h.hour, h.node_id, h.gpu_uuid, kind
        """;

    public async Task<KindUsage> ReadAsync(KindUsageQuery query, CancellationToken cancellation)
    {
        await using var connection = await databases.Queries.OpenConnectionAsync(cancellation);
        await using var command = new NpgsqlCommand(Hours, connection);
        Sql.Value[] values = [query.From.UtcDateTime, query.To.UtcDateTime, query.NodeId, query.GpuUuid];
        foreach (var value in values)
            Add(command, value);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var hours = new List<KindUsageHour>();
        var processes = new List<ProcessHour>();
        (DateTimeOffset Hour, string NodeId, string GpuUuid, string? Kind)? group = null;
        while (await reader.ReadAsync(cancellation))
        {
            var next = (reader.GetFieldValue<DateTimeOffset>(0), reader.GetString(1), reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3));
            if (group != next)
                Close();
            group = next;
            processes.Add(Read(reader));
        }

        Close();
        return new KindUsage { From = query.From, To = query.To, Hours = hours };

        void Close()
        {
            if (group is { } known)
                hours.Add(KindUsageTally.Of(known.Hour, known.NodeId, known.GpuUuid, Kind(known.Kind), processes));
            processes.Clear();
        }
    }

    private static WorkloadKind? Kind(string? name) => name is null ? null : WireName.Parse<WorkloadKind>(name) ?? WorkloadKind.General;

    private static ProcessHour Read(NpgsqlDataReader reader)
    {
        return new ProcessHour
        {
            FirstAt = reader.GetFieldValue<DateTimeOffset>(4),
            LastAt = reader.GetFieldValue<DateTimeOffset>(5),
            MeasuredMs = reader.GetInt64(6),
            MemoryKibMs = Whole(7),
            SmUs = Whole(8),
            EncoderUs = Whole(9),
            EnergyMillijoules = Whole(10),
            PeakMemoryBytes = Whole(11),
            RestMs = reader.GetInt64(12),
        };

        long? Whole(int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);
    }
}
