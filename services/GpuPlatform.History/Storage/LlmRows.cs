namespace GpuPlatform.History.Storage;

/// <summary>What many requests have in common: every combination of words once, so that a request is a number and its own figures.</summary>
internal sealed class LlmTraitRow
{
    public int Id { get; set; }

    /// <summary>Digest of everything below, see <see cref="LlmTraits"/>.</summary>
    public Guid Key { get; set; }

    /// <summary>When a request last had it, to within a day.</summary>
    public DateTimeOffset UsedAt { get; set; }

    public required string NodeId { get; set; }
    public required string Server { get; set; }
    public required string Endpoint { get; set; }
    public required string Api { get; set; }
    public required string Operation { get; set; }
    public string? Model { get; set; }
    public required string Client { get; set; }
    public required string ClientSource { get; set; }
    public string? UserAgent { get; set; }
    public string? ClientAddress { get; set; }
    public string? ProcessName { get; set; }
    public bool IsStreaming { get; set; }
    public bool IsRemote { get; set; }
    public bool IsLoadOnly { get; set; }
    public required string Outcome { get; set; }
    public int? StatusCode { get; set; }
    public string? FinishReason { get; set; }
    public bool IsEstimated { get; set; }
    public bool IsUnparsed { get; set; }
    public string[] GpuUuids { get; set; } = [];
}

/// <summary>One request. Wide columns first, four-byte ones after them: no byte is lost to alignment. Rates are not here: they follow from the rest.</summary>
internal sealed class LlmRequestRow
{
    public Guid RequestId { get; set; }
    public DateTimeOffset StartedAt { get; set; }
    public DateTimeOffset? ProcessStartedAt { get; set; }
    public long RequestBytes { get; set; }
    public long ResponseBytes { get; set; }
    public int TraitId { get; set; }
    public int? Pid { get; set; }
    public int? PromptTokens { get; set; }
    public int? CachedTokens { get; set; }
    public int? CompletionTokens { get; set; }
    public float DurationMs { get; set; }
    public float? TimeToFirstTokenMs { get; set; }
    public float? TimeToFirstVisibleTokenMs { get; set; }
    public float? TimePerOutputTokenMs { get; set; }
    public float? InterTokenP50Ms { get; set; }
    public float? InterTokenP95Ms { get; set; }
    public float? InterTokenP99Ms { get; set; }
    public float? LoadMs { get; set; }
    public float? QueueMs { get; set; }
    public float? PrefillMs { get; set; }
    public float? DecodeMs { get; set; }
    public float? EnergyJoules { get; set; }
    public float? IdleEnergyJoules { get; set; }
    public float? HeldMs { get; set; }

    /// <summary>The 32 digits of the trace as a number of 16 bytes.</summary>
    public Guid? TraceId { get; set; }

    public string? Error { get; set; }
}

/// <summary>Prompt and reply of a request, where they were kept at all; gone sooner than the request.</summary>
internal sealed class LlmContentRow
{
    public Guid RequestId { get; set; }
    public DateTimeOffset StartedAt { get; set; }
    public string? Request { get; set; }
    public string? Response { get; set; }

    /// <summary>JSON object of texts by name.</summary>
    public string? RequestHeaders { get; set; }

    public bool IsTruncated { get; set; }
}

/// <summary>A model came into memory, left it, or is loaded again and again.</summary>
internal sealed class ModelResidencyRow
{
    public required string NodeId { get; set; }
    public required string Server { get; set; }
    public required string Model { get; set; }
    public DateTimeOffset ChangedAt { get; set; }
    public required string Change { get; set; }
    public long? SizeBytes { get; set; }
    public long? VramBytes { get; set; }
    public int? ContextLength { get; set; }
    public DateTimeOffset? ExpiresAt { get; set; }
    public double? LoadMs { get; set; }
    public double? ResidentMs { get; set; }
    public string? Reason { get; set; }
}
