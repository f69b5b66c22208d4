using System.Globalization;
using System.Text.Json;
using GpuPlatform.Contracts;
using GpuPlatform.History.Storage;
using Npgsql;

namespace GpuPlatform.History.Queries;

/// <summary>A request as the tables have it. Rates are computed here: they follow from tokens and durations.</summary>
internal static class LlmRow
{
    /// <summary>Of a request <c>r</c> and its traits <c>t</c>, in the order in which <see cref="Read"/> reads them.</summary>
    public const string Columns = """
        t.node_id, t.server, t.endpoint, t.api, t.operation, t.model, t.client, t.client_source, t.user_agent, t.client_address, t.process_name,
        r.process_started_at, r.pid, t.is_streaming, t.is_remote, t.is_load_only, t.outcome, t.status_code, t.finish_reason, t.is_estimated, t.is_unparsed, t.gpu_uuids,
        r.request_id, r.started_at, r.request_bytes, r.response_bytes, r.prompt_tokens, r.cached_tokens,
        r.completion_tokens, r.duration_ms, r.time_to_first_token_ms, r.time_to_first_visible_token_ms, r.time_per_output_token_ms,
        r.inter_token_p50_ms, r.inter_token_p95_ms, r.inter_token_p99_ms, r.load_ms, r.queue_ms, r.prefill_ms, r.decode_ms, r.energy_joules,
        r.idle_energy_joules, r.trace_id, r.error, r.held_ms
        """;

    public static LlmRequestCompleted Read(NpgsqlDataReader reader)
    {
        var row = new Cells(reader);
        var request = new LlmRequestCompleted
        {
            NodeId = row.Text()!, Server = row.Text()!, Endpoint = row.Text()!, Api = row.Word<LlmApi>() ?? LlmApi.Unknown, Operation = row.Text()!,
            Model = row.Text(),
            Client = new LlmClient
            {
                Name = row.Text()!, Source = row.Word<LlmClientSource>() ?? LlmClientSource.Unknown, UserAgent = row.Text(), Address = row.Text(),
                ProcessName = row.Text(), ProcessStartedAt = row.Maybe<DateTimeOffset>(), Pid = row.Maybe<int>(),
            },
            Streaming = row.Get<bool>(), Remote = row.Get<bool>(), LoadOnly = row.Get<bool>(), Outcome = row.Word<LlmOutcome>() ?? LlmOutcome.Failed,
            StatusCode = row.Maybe<int>(), FinishReason = row.Text(), TokensEstimated = row.Get<bool>(), Unparsed = row.Get<bool>(),
            GpuUuids = row.Get<string[]>(), RequestId = row.Get<Guid>(), StartedAt = row.Get<DateTimeOffset>(), RequestBytes = row.Get<long>(),
            ResponseBytes = row.Get<long>(), PromptTokens = row.Maybe<int>(), CachedTokens = row.Maybe<int>(), CompletionTokens = row.Maybe<int>(),
            DurationMs = row.Real() ?? 0, TimeToFirstTokenMs = row.Real(), TimeToFirstVisibleTokenMs = row.Real(), TimePerOutputTokenMs = row.Real(),
            InterTokenP50Ms = row.Real(), InterTokenP95Ms = row.Real(), InterTokenP99Ms = row.Real(), LoadMs = row.Real(), QueueMs = row.Real(),
            PrefillMs = row.Real(), DecodeMs = row.Real(), EnergyJoules = row.Real(), IdleEnergyJoules = row.Real(),
            TraceId = row.Maybe<Guid>()?.ToString("N"), Error = row.Text(), HeldMs = row.Real(),
        };
        return request with
        {
            TokensPerSecondDecode = request.TokensEstimated ? null : PerSecond(request.CompletionTokens, request.DecodeMs),
            TokensPerSecondWire = PerSecond(1, request.TimePerOutputTokenMs),
            TokensPerSecondPrefill = PerSecond(request.PromptTokens - request.CachedTokens, request.PrefillMs),
        };
    }

    /// <summary>Headers are JSON that this service wrote.</summary>
    public static LlmContent ReadContent(NpgsqlDataReader reader)
    {
        var row = new Cells(reader);
        return new LlmContent
        {
            Request = row.Text(),
            Response = row.Text(),
            RequestHeaders = row.Text() is { } headers ? JsonSerializer.Deserialize<Dictionary<string, string>>(headers) : null,
            Truncated = row.Get<bool>(),
        };
    }

    internal static double? PerSecond(long? tokens, double? milliseconds) =>
        milliseconds > 0 && tokens > 0 ? 1000 * tokens / milliseconds : null;

    /// <summary>The number that was meant by what a column of four bytes keeps: the shortest that leads to the same bytes.</summary>
    internal static double Exact(float value) =>
        double.Parse(value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>The columns of the current row, from left to right.</summary>
    private sealed class Cells(NpgsqlDataReader reader)
    {
        private int _next;

        public T Get<T>() => reader.GetFieldValue<T>(_next++);

        public T? Maybe<T>() where T : struct => reader.IsDBNull(_next++) ? null : reader.GetFieldValue<T>(_next - 1);

        public string? Text() => reader.IsDBNull(_next++) ? null : reader.GetString(_next - 1);

        public T? Word<T>() where T : struct, Enum => WireName.Parse<T>(Text());

        public double? Real() => Maybe<float>() is { } value ? Exact(value) : null;
    }
}
