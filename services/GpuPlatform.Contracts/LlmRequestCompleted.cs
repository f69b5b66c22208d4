namespace GpuPlatform.Contracts;

/// <summary>
/// One request at a model server, from its arrival at the proxy to its last byte. Sent once, when it ended. Identity is <see cref="RequestId"/>.
/// Every duration is measured by the proxy's monotonic clock unless it is said to be the server's own. A value that nobody told is null.
/// </summary>
public sealed record LlmRequestCompleted
{
    /// <summary>The host's id.</summary>
    public required string NodeId { get; init; }

    /// <summary>Identity of the request: a version 7 UUID, so that ids sort by time.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>UTC instant at which the request's headers had arrived, in whole milliseconds.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>From <see cref="StartedAt"/> to the last byte of the reply, in milliseconds.</summary>
    public required double DurationMs { get; init; }

    /// <summary>
    /// How long the proxy itself held it, since the GPU was not for models, in milliseconds: a part of <see cref="DurationMs"/> and of no other figure.
    /// Null when it did not.
    /// </summary>
    public double? HeldMs { get; init; }

    /// <summary>Name of the model server in the configuration; <c>ollama</c> for the first.</summary>
    public required string Server { get; init; }

    /// <summary>The path that was asked, as in <c>/api/chat</c>: one of a fixed list, never free text.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Family of API.</summary>
    public required LlmApi Api { get; init; }

    /// <summary>Kind of work, OpenTelemetry's <c>gen_ai.operation.name</c>: <c>chat</c>, <c>text_completion</c> or <c>embeddings</c>.</summary>
    public required string Operation { get; init; }

    /// <summary>Model that was asked for; null when the request could not be read.</summary>
    public string? Model { get; init; }

    /// <summary>Who asked.</summary>
    public required LlmClient Client { get; init; }

    /// <summary>True when the reply was to come piece by piece.</summary>
    public bool Streaming { get; init; }

    /// <summary>True when the model ran elsewhere (a cloud model): no GPU of this host took part, and no energy is counted.</summary>
    public bool Remote { get; init; }

    /// <summary>True for a request that only loads or unloads a model and asks for no token.</summary>
    public bool LoadOnly { get; init; }

    /// <summary>How it ended.</summary>
    public required LlmOutcome Outcome { get; init; }

    /// <summary>Status of the reply; null when none was sent.</summary>
    public int? StatusCode { get; init; }

    /// <summary>What went wrong, in words of the server or the proxy, cut to 512 characters.</summary>
    public string? Error { get; init; }

    /// <summary>Why generation ended, in the server's word: <c>stop</c>, <c>length</c>, <c>tool_calls</c>, <c>load</c>, <c>unload</c>, …</summary>
    public string? FinishReason { get; init; }

    /// <summary>Tokens of the prompt, those found in the cache included.</summary>
    public long? PromptTokens { get; init; }

    /// <summary>Tokens of the prompt that were found in the cache; null when the server did not say.</summary>
    public long? CachedTokens { get; init; }

    /// <summary>Tokens that were generated, thinking included.</summary>
    public long? CompletionTokens { get; init; }

    /// <summary>True when <see cref="CompletionTokens"/> is a count of pieces, since the server told no number.</summary>
    public bool TokensEstimated { get; init; }

    /// <summary>True when a part of the reply was not understood: it passed untouched, and the numbers may miss something.</summary>
    public bool Unparsed { get; init; }

    /// <summary>Request fully received → first piece with thinking, text or a tool call, in milliseconds (TTFT).</summary>
    public double? TimeToFirstTokenMs { get; init; }

    /// <summary>The same to the first piece that is not thinking, in milliseconds.</summary>
    public double? TimeToFirstVisibleTokenMs { get; init; }

    /// <summary>(last token piece − first token piece) ÷ (<see cref="CompletionTokens"/> − 1), in milliseconds (TPOT).</summary>
    public double? TimePerOutputTokenMs { get; init; }

    /// <summary>Median gap between token pieces, in milliseconds.</summary>
    public double? InterTokenP50Ms { get; init; }

    /// <summary>95th percentile of the gaps, in milliseconds.</summary>
    public double? InterTokenP95Ms { get; init; }

    /// <summary>99th percentile of the gaps, in milliseconds.</summary>
    public double? InterTokenP99Ms { get; init; }

    /// <summary>Server's own: handler start → model ready, in milliseconds (Ollama's <c>load_duration</c>).</summary>
    public double? LoadMs { get; init; }

    /// <summary>Server's own: total − load − prefill − decode, in milliseconds: waiting for a slot, and what is in no field.</summary>
    public double? QueueMs { get; init; }

    /// <summary>Server's own: processing of the prompt, in milliseconds.</summary>
    public double? PrefillMs { get; init; }

    /// <summary>Server's own: generation, in milliseconds.</summary>
    public double? DecodeMs { get; init; }

    /// <summary>Generated tokens per second of <see cref="DecodeMs"/>.</summary>
    public double? TokensPerSecondDecode { get; init; }

    /// <summary>Generated tokens per second as they passed the wire: 1 ÷ TPOT.</summary>
    public double? TokensPerSecondWire { get; init; }

    /// <summary>Prompt tokens that were not cached per second of <see cref="PrefillMs"/>; null when the cached part is not known.</summary>
    public double? TokensPerSecondPrefill { get; init; }

    /// <summary>Bytes of the request's body.</summary>
    public long RequestBytes { get; init; }

    /// <summary>Bytes of the reply's body, as they were sent to the client.</summary>
    public long ResponseBytes { get; init; }

    /// <summary>
    /// Energy of the board over prefill and decode, in joules, split by token share among requests that overlap; null when no GPU told its power.
    /// </summary>
    public double? EnergyJoules { get; init; }

    /// <summary>The part of <see cref="EnergyJoules"/> that the board would have taken idle, in joules.</summary>
    public double? IdleEnergyJoules { get; init; }

    /// <summary>GPUs whose energy was counted.</summary>
    public IReadOnlyList<string> GpuUuids { get; init; } = [];

    /// <summary>Trace of the request, 32 hexadecimal digits; null when it was not recorded.</summary>
    public string? TraceId { get; init; }

    /// <summary>Prompt and reply; null unless <c>Ollama:CaptureContent</c> is on.</summary>
    public LlmContent? Content { get; init; }
}

/// <summary>What was asked and answered, as far as it was kept.</summary>
public sealed record LlmContent
{
    /// <summary>Body of the request, cut.</summary>
    public string? Request { get; init; }

    /// <summary>Body of the reply, cut.</summary>
    public string? Response { get; init; }

    /// <summary>Headers of the request, credentials removed.</summary>
    public IReadOnlyDictionary<string, string>? RequestHeaders { get; init; }

    /// <summary>True when one of them was cut.</summary>
    public bool Truncated { get; init; }
}
