namespace GpuPlatform.Collector.Ollama.Tap;

/// <summary>
/// What a reply told so far. Written by the stream that reads it; the members that are read while it runs are plain words, so a reader sees an old value at
/// worst. Timestamps are those of <see cref="TimeProvider.GetTimestamp"/>, durations the server's own.
/// </summary>
internal sealed class ReplyFacts
{
    /// <summary>First piece with thinking, text or a tool call.</summary>
    public long? FirstTokenAt { get; set; }

    /// <summary>First piece that is not thinking.</summary>
    public long? FirstVisibleTokenAt { get; set; }

    /// <summary>Last piece with thinking, text or a tool call.</summary>
    public long? LastTokenAt { get; set; }

    /// <summary>Pieces with thinking, text or a tool call: about the tokens.</summary>
    public long TokenPieceCount { get; set; }

    public long? PromptTokens { get; set; }

    public long? CachedTokens { get; set; }

    public long? CompletionTokens { get; set; }

    public TimeSpan? Total { get; set; }

    public TimeSpan? Load { get; set; }

    public TimeSpan? Prefill { get; set; }

    public TimeSpan? Decode { get; set; }

    public string? FinishReason { get; set; }

    /// <summary>Model that answered, in the server's word.</summary>
    public string? Model { get; set; }

    /// <summary>True when the server said that the model ran elsewhere.</summary>
    public bool Remote { get; set; }

    /// <summary>The marker with which a whole reply of this endpoint ends was seen.</summary>
    public bool IsComplete { get; set; }

    /// <summary>An error told inside the reply.</summary>
    public string? Error { get; set; }

    /// <summary>A part of the reply was not understood, or too long to be looked at.</summary>
    public bool Unparsed { get; set; }
}
