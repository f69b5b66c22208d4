using GpuPlatform.Contracts;
using GpuPlatform.History.Storage;
using Npgsql;
using static GpuPlatform.History.Queries.LlmFilter;

namespace GpuPlatform.History.Queries;

/// <summary>Reads processes on GPUs with what they used over their hours, page by page.</summary>
internal sealed class ProcessSessionStore(Databases databases)
{
    /// <summary>
    /// When a process <c>p</c> had left. A list that misses it only long after it was last seen does not tell when it left, and of a GPU that says
    /// nothing any more none is there: both end with the last sighting, until something newer is heard.
    /// </summary>
    internal const string Left = $"""
        CASE WHEN p.utilization_read_at IS NOT NULL AND p.ended_at - p.last_seen_at > {UsageStaging.Longest} THEN p.last_seen_at
            WHEN p.ended_at IS NOT NULL THEN GREATEST(p.ended_at, p.first_seen_at)
            WHEN g.last_seen_at IS NULL OR $3 - g.last_seen_at > {UsageStaging.Longest} THEN p.last_seen_at END
        """;

    private const string Sessions = $"""
        SELECT p.node_id, p.gpu_uuid, p.pid, p.started_at, p.first_seen_at, p.left_at, p.name, p.user_name, v.kind, p.peak_memory_used_bytes,
            used.memory_kib, used.measured_ms, used.sm_us, used.encoder_us, used.millijoules, taken.instants, taken.kinds
        FROM (SELECT p.*, {Left} AS left_at FROM gpu_process p LEFT JOIN gpu g ON g.gpu_uuid = p.gpu_uuid AND g.node_id = p.node_id
                WHERE p.first_seen_at < $2) p
            LEFT JOIN process_verdict v ON v.node_id = p.node_id AND v.pid = p.pid AND v.started_at = p.started_at
            CROSS JOIN LATERAL (SELECT sum(measured_ms)::bigint AS measured_ms, (sum(memory_kib_ms) / NULLIF(sum(memory_ms), 0))::bigint AS memory_kib,
                    CASE WHEN sum(sm_ms) > 0 THEN sum(sm_us)::bigint END AS sm_us, CASE WHEN sum(encoder_ms) > 0 THEN sum(encoder_us)::bigint END AS encoder_us,
                    CASE WHEN sum(energy_ms) > 0 THEN sum(energy_millijoules)::bigint END AS millijoules
                FROM process_hour h WHERE h.node_id = p.node_id AND h.pid = p.pid AND h.started_at = p.started_at AND h.gpu_uuid = p.gpu_uuid) used
            CROSS JOIN LATERAL (SELECT array_agg(observed_at ORDER BY observed_at) AS instants, array_agg(kind ORDER BY observed_at) AS kinds
                FROM process_kind k WHERE k.node_id = p.node_id AND k.pid = p.pid AND k.started_at = p.started_at) taken
        WHERE COALESCE(p.left_at >= $1, true) AND ($4::text IS NULL OR p.node_id = $4) AND ($5::text IS NULL OR p.gpu_uuid = $5)
            AND ($6::text IS NULL OR v.kind = $6) AND ($7::text IS NULL OR p.name = $7)
        """;

    private const string Order = "p.first_seen_at DESC, p.node_id DESC, p.pid DESC, p.started_at DESC, p.gpu_uuid DESC";

    public async Task<ProcessSessionPage> ReadAsync(ProcessSessionQuery query, CancellationToken cancellation)
    {
        await using var connection = await databases.Queries.OpenConnectionAsync(cancellation);
        await using var command = Command(connection, query);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var sessions = new List<ProcessSession>();
        while (await reader.ReadAsync(cancellation))
            sessions.Add(Read(reader));
        var hasMore = sessions.Count > query.PageSize;
        if (hasMore)
            sessions.RemoveAt(query.PageSize);
        return new ProcessSessionPage
        {
            From = query.From, To = query.To, Sessions = sessions, NextCursor = hasMore ? query.CursorAt(sessions[^1]).ToString() : null,
        };
    }

    /// <summary>Verdicts that say the same again are no change.</summary>
    internal static IReadOnlyList<KindChange> Changes(DateTimeOffset[] instants, string[] kinds)
    {
        var changes = new List<KindChange>();
        for (var i = 0; i < kinds.Length; i++)
        {
            var kind = WireName.Parse<WorkloadKind>(kinds[i]) ?? WorkloadKind.General;
            if (changes.Count == 0 || changes[^1].Kind != kind)
                changes.Add(new KindChange(instants[i], kind));
        }

        return changes;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, ProcessSessionQuery query)
    {
        var after = query.After is null ? "" : "AND (p.first_seen_at, p.node_id, p.pid, p.started_at, p.gpu_uuid) < ($8, $9, $10, $11, $12)";
        var command = new NpgsqlCommand($"{Sessions} {after} ORDER BY {Order} LIMIT {query.PageSize + 1}", connection);
        Sql.Value[] values = [query.From.UtcDateTime, query.To.UtcDateTime, query.Now.UtcDateTime, query.NodeId, query.GpuUuid, query.KindName, query.ProcessName];
        foreach (var value in values)
            Add(command, value);
        if (query.After is not { } last)
            return command;
        Sql.Value[] place = [last.From.UtcDateTime, last.NodeId, last.Pid, last.StartedAt.UtcDateTime, last.GpuUuid];
        foreach (var value in place)
            Add(command, value);
        return command;
    }

    private static ProcessSession Read(NpgsqlDataReader reader)
    {
        return new ProcessSession
        {
            NodeId = reader.GetString(0),
            GpuUuid = reader.GetString(1),
            Pid = reader.GetInt32(2),
            StartedAt = reader.GetFieldValue<DateTimeOffset>(3),
            From = reader.GetFieldValue<DateTimeOffset>(4),
            To = reader.IsDBNull(5) ? null : reader.GetFieldValue<DateTimeOffset>(5),
            Name = Text(6),
            UserName = Text(7),
            Kind = Text(8) is { } kind ? WireName.Parse<WorkloadKind>(kind) ?? WorkloadKind.General : null,
            Kinds = reader.IsDBNull(16) ? [] : Changes(reader.GetFieldValue<DateTimeOffset[]>(15), reader.GetFieldValue<string[]>(16)),
            MemoryPeakBytes = Whole(9),
            MemoryAverageBytes = Whole(10) * 1024,
            MeasuredSeconds = (Whole(11) ?? 0) / 1e3,
            SmSeconds = Whole(12) / 1e6,
            EncoderSeconds = Whole(13) / 1e6,
            EnergyJoules = Whole(14) / 1e3,
        };

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
        long? Whole(int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);
    }
}
