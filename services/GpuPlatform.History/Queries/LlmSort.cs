using GpuPlatform.Contracts;
using GpuPlatform.History.Storage;

namespace GpuPlatform.History.Queries;

/// <summary>What requests can be ordered by.</summary>
/// <param name="Name">Its word in the query.</param>
/// <param name="Key">SQL of the value on a request <c>r</c>.</param>
/// <param name="Present">SQL that says whether a request has the value; those that do not are left out.</param>
/// <param name="Of">The value of a request, as a number.</param>
/// <param name="ToSql">That number as the type that it has in the table.</param>
internal sealed record LlmSort(string Name, string Key, string Present, Func<LlmRequestCompleted, decimal> Of, Func<decimal, Sql.Value> ToSql)
{
    /// <summary>The largest value that any order may have; instants are ticks.</summary>
    public static readonly decimal Most = DateTimeOffset.MaxValue.UtcTicks;

    public static IReadOnlyList<LlmSort> All { get; } =
    [
        new("started", "r.started_at", "true", request => request.StartedAt.UtcTicks, ticks => new DateTime((long)ticks, DateTimeKind.Utc)),
        new("duration", "r.duration_ms", "true", request => (decimal)request.DurationMs, number => (float)number),
        new("ttft", "r.time_to_first_token_ms", "r.time_to_first_token_ms IS NOT NULL",
            request => (decimal)(request.TimeToFirstTokenMs ?? 0), number => (float)number),
        new("tokens", "(COALESCE(r.prompt_tokens, 0)::bigint + COALESCE(r.completion_tokens, 0))",
            "(r.prompt_tokens IS NOT NULL OR r.completion_tokens IS NOT NULL)",
            request => (request.PromptTokens ?? 0) + (request.CompletionTokens ?? 0), number => (long)number),
    ];

    public static LlmSort Named(string name) => All.First(sort => sort.Name == name);
}
