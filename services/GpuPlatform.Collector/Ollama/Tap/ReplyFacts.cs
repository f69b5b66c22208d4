namespace GpuPlatform.Collector.Ollama.Tap;

/// <summary>
/// What a reply told so far. Written by the stream that reads it; the members that are read while it runs are plain words, so a reader sees an old value at
/// worst. Timestamps are those of <see cref="TimeProvider.GetTimestamp"/>, durations the server's own.
/// </summary>
internal sealed class ReplyFacts
{
    // One word each: another thread must not see half of a nullable
    private const long Unknown = long.MinValue;

    private long _firstTokenAt = Unknown;
    private long _firstVisibleTokenAt = Unknown;
    private long _lastTokenAt = Unknown;
    private long _tokenPieceCount;

    /// <summary>First piece with thinking, text or a tool call; null for a reply that comes as one document.</summary>
    public long? FirstTokenAt
    {
        get => Read(ref _firstTokenAt);
        set => Volatile.Write(ref _firstTokenAt, value ?? Unknown);
    }

    /// <summary>First piece that is not thinking.</summary>
    public long? FirstVisibleTokenAt
    {
        get => Read(ref _firstVisibleTokenAt);
        set => Volatile.Write(ref _firstVisibleTokenAt, value ?? Unknown);
    }

    /// <summary>Last piece with thinking, text or a tool call.</summary>
    public long? LastTokenAt
    {
        get => Read(ref _lastTokenAt);
        set => Volatile.Write(ref _lastTokenAt, value ?? Unknown);
    }

    /// <summary>Pieces with thinking, text or a tool call: about the tokens.</summary>
    public long TokenPieceCount
    {
        get => Volatile.Read(ref _tokenPieceCount);
        set => Volatile.Write(ref _tokenPieceCount, value);
    }

    /// <summary>Gaps between the pieces; null before two. Of pieces that came in one read only the first has one, the others 0.</summary>
    public GapHistogram? Gaps { get; set; }

    public long? PromptTokens { get; set; }

    public long? CachedTokens { get; set; }

    public long? CompletionTokens { get; set; }

    /// <summary>The part of <see cref="CompletionTokens"/> that was thinking, where the server tells.</summary>
    public long? ReasoningTokens { get; set; }

    public TimeSpan? Total { get; set; }

    public TimeSpan? Load { get; set; }

    public TimeSpan? Prefill { get; set; }

    public TimeSpan? Decode { get; set; }

    public string? FinishReason { get; set; }

    /// <summary>Model that answered, in the server's word.</summary>
    public string? Model { get; set; }

    /// <summary>True when the server said that the model ran elsewhere.</summary>
    public bool Remote { get; set; }

    /// <summary>The marker with which a whole reply of this endpoint ends was seen, and no error was told.</summary>
    public bool IsComplete { get; set; }

    /// <summary>An error told inside the reply.</summary>
    public string? Error { get; set; }

    /// <summary>A part of the reply was not understood, or too long to be looked at. One that merely ends too early is not complete.</summary>
    public bool Unparsed { get; set; }

    private static long? Read(ref long word) => Volatile.Read(ref word) is var value and not Unknown ? value : null;
}
