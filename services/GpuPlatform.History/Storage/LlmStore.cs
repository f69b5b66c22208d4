using System.Text.Json;
using GpuPlatform.Contracts;
using GpuPlatform.History.Ingest;
using Npgsql;

namespace GpuPlatform.History.Storage;

/// <summary>Stores requests at model servers, and the coming and going of models. Keys decide what is new: a second delivery changes nothing.</summary>
internal sealed class LlmStore(Databases databases)
{
    // First of all: a combination that is being thrown away as unused is locked, and this waits to see whether it is gone.
    private const string UseTraits = "UPDATE llm_trait SET used_at = now() WHERE key = $1 AND used_at < now() - interval '1 day'";

    // Asked before it is tried: a conflict would use up a number of the identity each time
    private static readonly string AddTraits = $"""
        INSERT INTO llm_trait (key, used_at, {LlmTraits.Columns})
        SELECT $1, now(), {string.Join(", ", LlmTraits.Columns.Split(", ").Select((_, i) => $"${2 + i}"))}
        WHERE NOT EXISTS (SELECT FROM llm_trait WHERE key = $1)
        ON CONFLICT (key) DO NOTHING
        """;

    private const string AddRequest = """
        INSERT INTO llm_request (trait_id, request_id, started_at, process_started_at, request_bytes, response_bytes, pid, prompt_tokens, cached_tokens,
            completion_tokens, duration_ms, time_to_first_token_ms, time_to_first_visible_token_ms, time_per_output_token_ms, inter_token_p50_ms,
            inter_token_p95_ms, inter_token_p99_ms, load_ms, queue_ms, prefill_ms, decode_ms, energy_joules, idle_energy_joules, trace_id, error, held_ms)
        SELECT id, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26
        FROM llm_trait WHERE key = $1
        ON CONFLICT DO NOTHING
        """;

    private const string AddContent = """
        INSERT INTO llm_content (request_id, started_at, request, response, request_headers, is_truncated) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT DO NOTHING
        """;

    private const string AddResidency = """
        INSERT INTO model_residency (node_id, server, model, changed_at, change, size_bytes, vram_bytes, context_length, expires_at, load_ms,
            resident_ms, reason)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING
        """;

    public async Task<Stored> SaveAsync(LlmRequestCompleted message, CancellationToken cancellation)
    {
        await using var connection = await databases.Ingest.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        var traits = LlmTraits.Of(message);
        Sql.Add(batch, UseTraits, traits.Key);
        Sql.Add(batch, AddTraits, [traits.Key, .. traits.Values]);
        AddFigures(batch, traits.Key, message);
        if (message.Content is { } content)
        {
            Sql.Add(batch, AddContent, message.RequestId, message.StartedAt.UtcDateTime, Text.Clean(content.Request), Text.Clean(content.Response),
                Sql.Value.Json(Json(content.RequestHeaders)), content.Truncated);
        }

        await batch.ExecuteNonQueryAsync(cancellation);
        var inserted = (int)batch.BatchCommands[2].RecordsAffected;
        return new Stored(inserted, 1 - inserted);
    }

    public async Task<Stored> SaveAsync(ModelResidencyChanged message, CancellationToken cancellation)
    {
        await using var connection = await databases.Ingest.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        Sql.Add(batch, AddResidency, message.NodeId, Text.Clean(message.Server), Text.Clean(message.Model), message.ChangedAt.UtcDateTime,
            WireName.Of(message.Change), message.SizeBytes, message.VramBytes, message.ContextLength, message.ExpiresAt?.UtcDateTime, message.LoadMs,
            message.ResidentMs, Text.Clean(message.Reason));
        var inserted = await batch.ExecuteNonQueryAsync(cancellation);
        return new Stored(inserted, 1 - inserted);
    }

    private static void AddFigures(NpgsqlBatch batch, Guid traits, LlmRequestCompleted message) => Sql.Add(batch, AddRequest,
        traits, message.RequestId, message.StartedAt.UtcDateTime, message.Client.ProcessStartedAt?.UtcDateTime, message.RequestBytes, message.ResponseBytes,
        message.Client.Pid, (int?)message.PromptTokens, (int?)message.CachedTokens, (int?)message.CompletionTokens, (float)message.DurationMs,
        (float?)message.TimeToFirstTokenMs, (float?)message.TimeToFirstVisibleTokenMs, (float?)message.TimePerOutputTokenMs,
        (float?)message.InterTokenP50Ms, (float?)message.InterTokenP95Ms, (float?)message.InterTokenP99Ms, (float?)message.LoadMs,
        (float?)message.QueueMs, (float?)message.PrefillMs, (float?)message.DecodeMs, (float?)message.EnergyJoules, (float?)message.IdleEnergyJoules,
        message.TraceId is { } trace ? Guid.ParseExact(trace, "N") : (Guid?)null, Text.Clean(message.Error), (float?)message.HeldMs);

    private static string? Json(IReadOnlyDictionary<string, string>? texts) =>
        texts is null ? null : JsonSerializer.Serialize(texts.ToDictionary(pair => pair.Key, pair => Text.Clean(pair.Value)));
}
