using GpuPlatform.Contracts;
using GpuPlatform.History.Storage;
using Npgsql;
using static GpuPlatform.History.Queries.LlmFilter;

namespace GpuPlatform.History.Queries;

/// <summary>Figures of a range of time by model and by client: two passes over its requests, one that adds up and one that collects for percentiles.</summary>
internal sealed class LlmUsageStore(Databases databases) : IDisposable
{
    /// <summary>Percentiles and distributions are of the newest so many requests: their values are held in memory, twelve bytes for each.</summary>
    private const int MostValues = 5_000_000;

    private const int AnswersAtOnce = 2;

    /// <summary>A rate as the server tells it, else as it passed the wire.</summary>
    private const string Rate = """
        CASE WHEN r.completion_tokens IS NOT NULL AND r.decode_ms > 0 THEN 1000 * r.completion_tokens / r.decode_ms::float8
            WHEN r.time_per_output_token_ms > 0 THEN 1000 / r.time_per_output_token_ms::float8 END
        """;

    private const string Requests = $"""
        FROM llm_request r WHERE r.started_at >= $1 AND r.started_at < $2
            AND (($3::text IS NULL AND $4::text IS NULL AND $5::text IS NULL) OR r.trait_id IN (SELECT t.id FROM llm_trait t WHERE {OfTraits}))
        """;

    // By traits first, which are few, and by names after that: requests are never sorted
    private const string Sums = $"""
        SELECT s.at, COALESCE(t.model, '{UnknownModel}'), t.client, t.outcome, sum(s.requests)::bigint, sum(s.prompt)::bigint, sum(s.cached)::bigint,
            sum(s.completion)::bigint, sum(s.rates), sum(s.rated)::bigint, sum(s.ttfts), sum(s.ttft)::bigint, sum(s.tpots), sum(s.tpot)::bigint,
            sum(s.joules), sum(s.priced), sum(s.paid)::bigint
        FROM (SELECT r.trait_id, date_bin($6, r.started_at, $7) AS at, count(*) AS requests, sum(r.prompt_tokens) AS prompt,
                sum(r.cached_tokens) AS cached, sum(r.completion_tokens) AS completion, sum({Rate}) AS rates, count({Rate}) AS rated,
                sum(r.time_to_first_token_ms::float8) AS ttfts, count(r.time_to_first_token_ms) AS ttft,
                sum(r.time_per_output_token_ms::float8) AS tpots, count(r.time_per_output_token_ms) AS tpot, sum(r.energy_joules::float8) AS joules,
                sum(r.energy_joules::float8) FILTER (WHERE r.completion_tokens > 0) AS priced,
                sum(r.completion_tokens) FILTER (WHERE r.energy_joules IS NOT NULL) AS paid
            {Requests} GROUP BY r.trait_id, at) s JOIN llm_trait t ON t.id = s.trait_id
        GROUP BY 1, 2, 3, 4 ORDER BY 1
        """;

    private const string Values = $"""
        SELECT COALESCE(t.model, '{UnknownModel}'), t.client, s.rates, s.ttfts, s.tpots
        FROM (SELECT r.trait_id, array_agg(({Rate})::real) FILTER (WHERE ({Rate}) IS NOT NULL) AS rates,
                array_agg(r.time_to_first_token_ms) FILTER (WHERE r.time_to_first_token_ms IS NOT NULL) AS ttfts,
                array_agg(r.time_per_output_token_ms) FILTER (WHERE r.time_per_output_token_ms IS NOT NULL) AS tpots
            {Requests} GROUP BY r.trait_id) s JOIN llm_trait t ON t.id = s.trait_id
        """;

    private const string Residency = $"""
        SELECT node_id, server, model, changed_at, change, size_bytes, vram_bytes, context_length, expires_at, load_ms, resident_ms, reason
        FROM model_residency WHERE changed_at >= $1 AND changed_at < $2 AND ($3::text IS NULL OR node_id = $3) AND ($4::text IS NULL OR model = $4)
        ORDER BY changed_at DESC, node_id, server, model, change LIMIT 200
        """;

    private readonly SemaphoreSlim _room = new(AnswersAtOnce);

    public async Task<LlmUsage> ReadAsync(LlmFilter filter, CancellationToken cancellation)
    {
        await _room.WaitAsync(cancellation);
        try
        {
            await using var connection = await databases.Queries.OpenConnectionAsync(cancellation);
            // Both passes see the same requests
            await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellation);
            var usage = new LlmUsageTally(filter, StepWidth.ForBars(filter.To - filter.From));
            await AddSumsAsync(connection, filter, usage, cancellation);
            await AddValuesAsync(connection, filter with { From = usage.NewestFrom(MostValues) }, usage, cancellation);
            return usage.ToContract(await ResidencyAsync(connection, filter, cancellation));
        }
        finally
        {
            _room.Release();
        }
    }

    public void Dispose() => _room.Dispose();

    private static async Task AddSumsAsync(NpgsqlConnection connection, LlmFilter filter, LlmUsageTally usage, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Sums, connection);
        filter.AddTo(command);
        Add(command, usage.Step);
        Add(command, HistoricalStore.Grid.UtcDateTime);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var sums = new LlmSums
            {
                Outcome = WireName.Parse<LlmOutcome>(reader.GetString(3)) ?? LlmOutcome.Failed, Requests = reader.GetInt64(4), PromptTokens = Whole(5),
                CachedTokens = Whole(6), CompletionTokens = Whole(7), Rate = Mean(8), TimeToFirstToken = Mean(10), TimePerOutputToken = Mean(12),
                EnergyJoules = HistoricalStore.Number(reader, 14), PricedJoules = HistoricalStore.Number(reader, 15) ?? 0, PricedTokens = Whole(16),
            };
            usage.Add(reader.GetFieldValue<DateTimeOffset>(0), reader.GetString(1), reader.GetString(2), sums);
        }

        long Whole(int column) => reader.IsDBNull(column) ? 0 : reader.GetInt64(column);
        LlmMean Mean(int column) => new(HistoricalStore.Number(reader, column) ?? 0, Whole(column + 1));
    }

    private static async Task AddValuesAsync(NpgsqlConnection connection, LlmFilter filter, LlmUsageTally usage, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Values, connection);
        filter.AddTo(command);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            usage.Add(reader.GetString(0), reader.GetString(1), new LlmValues(Column(2), Column(3), Column(4)));

        float[] Column(int column) => reader.IsDBNull(column) ? [] : reader.GetFieldValue<float[]>(column);
    }

    private static async Task<List<ModelResidencyChanged>> ResidencyAsync(
        NpgsqlConnection connection, LlmFilter filter, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Residency, connection);
        filter.AddTo(command);
        command.Parameters.RemoveAt(command.Parameters.Count - 1);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var events = new List<ModelResidencyChanged>();
        while (await reader.ReadAsync(cancellation))
        {
            events.Add(new ModelResidencyChanged
            {
                NodeId = reader.GetString(0), Server = reader.GetString(1), Model = reader.GetString(2), ChangedAt = reader.GetFieldValue<DateTimeOffset>(3),
                Change = WireName.Parse<ResidencyChange>(reader.GetString(4)) ?? ResidencyChange.Unknown, SizeBytes = Maybe<long>(5),
                VramBytes = Maybe<long>(6), ContextLength = Maybe<int>(7), ExpiresAt = Maybe<DateTimeOffset>(8), LoadMs = Maybe<double>(9),
                ResidentMs = Maybe<double>(10), Reason = reader.IsDBNull(11) ? null : reader.GetString(11),
            });
        }

        return events;

        T? Maybe<T>(int column) where T : struct => reader.IsDBNull(column) ? null : reader.GetFieldValue<T>(column);
    }
}
