namespace GpuPlatform.Contracts;

/// <summary>Answer of <see cref="Routes.LlmSessions"/>: <c>?start_date=&amp;end_date=</c> and filters.</summary>
public sealed record LlmSessionPage
{
    /// <summary>UTC start of the range, included.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>UTC end of the range, not included.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>In the order that was asked for; newest first by default.</summary>
    public required IReadOnlyList<LlmRequestCompleted> Sessions { get; init; }

    /// <summary>Give it as <c>cursor</c> to get what follows; null when nothing does.</summary>
    public string? NextCursor { get; init; }
}

/// <summary>Answer of <see cref="Routes.LlmUsage"/>.</summary>
public sealed record LlmUsage
{
    /// <summary>UTC start of the range, included.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>UTC end of the range, not included.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>All together.</summary>
    public required LlmFigures Total { get; init; }

    /// <summary>By model, most tokens first.</summary>
    public required IReadOnlyList<LlmGroup> Models { get; init; }

    /// <summary>By client, most tokens first.</summary>
    public required IReadOnlyList<LlmGroup> Clients { get; init; }

    /// <summary>Width of a step of <see cref="Series"/>, in seconds.</summary>
    public required int StepSeconds { get; init; }

    /// <summary>Tokens over time by model and client; a step without requests has no point.</summary>
    public required IReadOnlyList<LlmUsagePoint> Series { get; init; }

    /// <summary>Distribution of the time to the first token.</summary>
    public required LlmDistribution TimeToFirstToken { get; init; }

    /// <summary>Distribution of the time per output token.</summary>
    public required LlmDistribution TimePerOutputToken { get; init; }

    /// <summary>Loads and unloads of models, newest first; at most 200.</summary>
    public required IReadOnlyList<ModelResidencyChanged> Residency { get; init; }
}

/// <summary>The figures of one model or one client.</summary>
public sealed record LlmGroup
{
    /// <summary>The model or the client.</summary>
    public required string Name { get; init; }

    /// <summary>Its figures.</summary>
    public required LlmFigures Figures { get; init; }
}

/// <summary>Figures of many requests. Averages and percentiles are over the requests that have the value; null when none has.</summary>
public sealed record LlmFigures
{
    /// <summary>Requests.</summary>
    public long RequestCount { get; init; }

    /// <summary>Of these, ended well.</summary>
    public long OkCount { get; init; }

    /// <summary>Of these, aborted by the client.</summary>
    public long AbortedCount { get; init; }

    /// <summary>Of these, failed.</summary>
    public long FailedCount { get; init; }

    /// <summary>Of these, refused.</summary>
    public long RefusedCount { get; init; }

    /// <summary>Prompt tokens.</summary>
    public long PromptTokens { get; init; }

    /// <summary>Prompt tokens found in the cache, as far as servers told.</summary>
    public long CachedTokens { get; init; }

    /// <summary>Generated tokens.</summary>
    public long CompletionTokens { get; init; }

    /// <summary>Generated tokens per second, mean: of the server's own decode time where it tells it, else as they passed the wire.</summary>
    public double? AverageTokensPerSecond { get; init; }

    /// <summary>The value that 95 % of the requests reach or exceed (slow is low).</summary>
    public double? P95TokensPerSecond { get; init; }

    /// <summary>Time to first token, mean, in milliseconds.</summary>
    public double? AverageTimeToFirstTokenMs { get; init; }

    /// <summary>Time to first token, 95th percentile, in milliseconds.</summary>
    public double? P95TimeToFirstTokenMs { get; init; }

    /// <summary>Time per output token, mean, in milliseconds.</summary>
    public double? AverageTimePerOutputTokenMs { get; init; }

    /// <summary>Time per output token, 95th percentile, in milliseconds.</summary>
    public double? P95TimePerOutputTokenMs { get; init; }

    /// <summary>Energy, in joules; null when no request has it.</summary>
    public double? EnergyJoules { get; init; }

    /// <summary>Energy per generated token, in joules, over the requests that have both.</summary>
    public double? JoulesPerToken { get; init; }
}

/// <summary>Tokens of one step, model and client.</summary>
public sealed record LlmUsagePoint
{
    /// <summary>UTC start of the step.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Model.</summary>
    public required string Model { get; init; }

    /// <summary>Client.</summary>
    public required string Client { get; init; }

    /// <summary>Requests that ended well or not.</summary>
    public long RequestCount { get; init; }

    /// <summary>Prompt tokens.</summary>
    public long PromptTokens { get; init; }

    /// <summary>Generated tokens.</summary>
    public long CompletionTokens { get; init; }
}

/// <summary>A histogram.</summary>
public sealed record LlmDistribution
{
    /// <summary>Upper bounds of the buckets, in milliseconds, rising; one more bucket than bounds.</summary>
    public required IReadOnlyList<double> UpperBoundsMs { get; init; }

    /// <summary>Requests in each bucket, not cumulative; the last is above the last bound.</summary>
    public required IReadOnlyList<long> Counts { get; init; }
}
