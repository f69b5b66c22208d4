namespace GpuPlatform.Contracts;

/// <summary>Answer of <see cref="Routes.LlmRequests"/>.</summary>
public sealed record LlmRequestList
{
    /// <summary>UTC instant at which the answer was made.</summary>
    public required DateTimeOffset GeneratedAt { get; init; }

    /// <summary>Newest first.</summary>
    public required IReadOnlyList<LlmRequestCompleted> Requests { get; init; }
}

/// <summary>Answer of <see cref="Routes.LlmInFlight"/>.</summary>
public sealed record LlmInFlightList
{
    /// <summary>UTC instant at which the answer was made.</summary>
    public required DateTimeOffset GeneratedAt { get; init; }

    /// <summary>Oldest first.</summary>
    public required IReadOnlyList<LlmRunningRequest> Requests { get; init; }
}

/// <summary>Answer of <see cref="Routes.LlmModels"/>.</summary>
public sealed record LlmServerList
{
    /// <summary>UTC instant at which the answer was made.</summary>
    public required DateTimeOffset GeneratedAt { get; init; }

    /// <summary>In order of configuration.</summary>
    public required IReadOnlyList<LlmServer> Servers { get; init; }
}
