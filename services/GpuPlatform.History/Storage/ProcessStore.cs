using System.Text.Json;
using GpuPlatform.Contracts;
using GpuPlatform.History.Ingest;
using Npgsql;

namespace GpuPlatform.History.Storage;

/// <summary>Stores what is known of processes and what the classifier says of them; the newest observation wins.</summary>
internal sealed class ProcessStore(Databases databases)
{
    /// <summary>The end of a process once a sighting is added: a newer sighting undoes an older end, a newer list without it ends it again.</summary>
    internal const string EndAfterSighting = """
        CASE WHEN excluded.last_seen_at < known.last_seen_at THEN known.ended_at
            WHEN known.ended_at < excluded.last_seen_at THEN excluded.ended_at
            ELSE LEAST(known.ended_at, excluded.ended_at) END
        """;

    /// <summary>The newest memory reading, of two of one instant the larger; a sighting without one takes nothing away.</summary>
    internal const string NewerMemory = """
        CASE WHEN excluded.last_seen_at > known.last_seen_at THEN COALESCE(excluded.memory_used_bytes, known.memory_used_bytes)
            WHEN excluded.last_seen_at = known.last_seen_at THEN GREATEST(excluded.memory_used_bytes, known.memory_used_bytes)
            ELSE COALESCE(known.memory_used_bytes, excluded.memory_used_bytes) END
        """;

    // Waits for a tick of this GPU that is being stored: it holds the row until its list can be seen by the next statement.
    private const string AwaitTick = "SELECT FROM gpu WHERE gpu_uuid = $1 FOR SHARE";

    // What the newest observation says of a process replaces what an older one said, as a whole
    private static readonly string[] Description =
    [
        "name", "executable_path", "command_line", "user_name", "ancestors", "control_group", "runtime", "container_id", "pod_uid", "unit",
        "application_id", "environment", "context",
    ];

    private static readonly string Newer = string.Join(", ", Description.Select(column => $"(CASE WHEN newer THEN excluded.{column} ELSE known.{column} END)"));

    private static readonly string See = $"""
        INSERT INTO gpu_process AS known (node_id, pid, started_at, gpu_uuid, described_at, first_seen_at, last_seen_at, memory_used_bytes,
            peak_memory_used_bytes, ended_at, {string.Join(", ", Description)})
        VALUES ($1, $2, $3, $4, $5, $5, $5, $6, $6,
            (SELECT min(sampled_at) FROM gpu_sample WHERE gpu_uuid = $4 AND sampled_at > $5 AND lists_processes),
            {string.Join(", ", Description.Select((_, i) => $"${7 + i}"))})
        ON CONFLICT (node_id, pid, started_at, gpu_uuid) DO UPDATE SET ({string.Join(", ", Description)},
            memory_used_bytes, peak_memory_used_bytes, described_at, first_seen_at, last_seen_at, ended_at) =
        (SELECT {Newer}, ({NewerMemory}),
            GREATEST(known.peak_memory_used_bytes, excluded.peak_memory_used_bytes), GREATEST(known.described_at, excluded.described_at),
            LEAST(known.first_seen_at, excluded.first_seen_at), GREATEST(known.last_seen_at, excluded.last_seen_at),
            ({EndAfterSighting})
        FROM (SELECT known.described_at IS NULL OR excluded.described_at >= known.described_at AS newer) AS order_of)
        RETURNING (xmax = 0)
        """;

    // An exit that overtook the start leaves a closed row behind; the start fills it in. Until then all that is known is that
    // the process was there when it started.
    private const string End = """
        INSERT INTO gpu_process AS known (node_id, pid, started_at, gpu_uuid, first_seen_at, last_seen_at, ended_at)
        VALUES ($1, $2, $3, $4, $5, LEAST($3, $5), $5)
        ON CONFLICT (node_id, pid, started_at, gpu_uuid) DO UPDATE SET ended_at = LEAST(known.ended_at, excluded.ended_at)
        WHERE excluded.ended_at >= known.last_seen_at
        RETURNING (xmax = 0)
        """;

    // Equal instants happen: one process on two GPUs is observed twice at once. The surer verdict wins, whichever comes first.
    private const string Judge = """
        INSERT INTO process_verdict AS known (node_id, pid, started_at, kind, confidence, rule, observed_at, reason, rules)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (node_id, pid, started_at) DO UPDATE SET kind = excluded.kind, confidence = excluded.confidence,
            rule = excluded.rule, reason = excluded.reason, observed_at = excluded.observed_at, rules = excluded.rules
        WHERE (excluded.observed_at, excluded.confidence, excluded.rule COLLATE "C") > (known.observed_at, known.confidence, known.rule COLLATE "C")
        RETURNING (xmax = 0)
        """;

    // Of each observation the surer, as above: what a process was taken for before does not depend on the order either
    private const string Remember = """
        INSERT INTO process_kind AS known (node_id, pid, started_at, kind, confidence, rule, observed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (node_id, pid, started_at, observed_at) DO UPDATE SET kind = excluded.kind, confidence = excluded.confidence, rule = excluded.rule
        WHERE (excluded.confidence, excluded.rule COLLATE "C") > (known.confidence, known.rule COLLATE "C")
        """;

    public Task<Stored> SaveAsync(GpuProcessObserved message, CancellationToken cancellation) => message.Change == ProcessChange.Exited
        ? SaveAsync(null, End, cancellation, message.NodeId, message.Pid, message.StartedAt.UtcDateTime, message.GpuUuid,
            message.ObservedAt.UtcDateTime)
        : SaveAsync(message.GpuUuid, See, cancellation, message.NodeId, message.Pid, message.StartedAt.UtcDateTime, message.GpuUuid,
            message.ObservedAt.UtcDateTime, message.MemoryUsedBytes, Text.Clean(message.Name), Text.Clean(message.ExecutablePath),
            Text.Clean(message.CommandLine), Text.Clean(message.UserName), Text.Clean(message.Ancestors), Text.Clean(message.ControlGroup),
            message.Scope?.Runtime is { } runtime ? WireName.Of(runtime) : null, Text.Clean(message.Scope?.ContainerId),
            Text.Clean(message.Scope?.PodUid), Text.Clean(message.Scope?.Unit), Text.Clean(message.Scope?.ApplicationId),
            Sql.Value.Json(Json(message.Environment)), message.Context is { } context ? WireName.Of(context) : null);

    private static string? Json(IReadOnlyDictionary<string, string>? texts) =>
        texts is null ? null : JsonSerializer.Serialize(texts.ToDictionary(pair => pair.Key, pair => Text.Clean(pair.Value)));

    public async Task<Stored> SaveAsync(ProcessClassified message, CancellationToken cancellation)
    {
        await using var connection = await databases.Ingest.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        Sql.Value[] verdict =
        [
            message.NodeId, message.Pid, message.StartedAt.UtcDateTime, WireName.Of(message.Kind), message.Confidence, Text.Clean(message.Rule),
            message.ObservedAt.UtcDateTime,
        ];
        Sql.Add(batch, Judge, [.. verdict, Text.Clean(message.Reason), Sql.Value.Json(RuleDocument.Write(message.Rules))]);
        Sql.Add(batch, Remember, verdict);
        return await RunAsync(batch, answer: 0, cancellation);
    }

    private async Task<Stored> SaveAsync(string? gpuUuid, string statement, CancellationToken cancellation, params Sql.Value[] values)
    {
        await using var connection = await databases.Ingest.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        if (gpuUuid is not null)
            Sql.Add(batch, AwaitTick, gpuUuid);
        Sql.Add(batch, statement, values);
        return await RunAsync(batch, answer: gpuUuid is null ? 0 : 1, cancellation);
    }

    private static async Task<Stored> RunAsync(NpgsqlBatch batch, int answer, CancellationToken cancellation)
    {
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        for (; answer > 0; answer--)
            await reader.NextResultAsync(cancellation);
        return await reader.ReadAsync(cancellation) && reader.GetBoolean(0) ? new Stored(1, 0) : new Stored(0, 1);
    }
}
