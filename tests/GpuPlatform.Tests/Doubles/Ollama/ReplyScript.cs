namespace GpuPlatform.Tests.Doubles.Ollama;

/// <summary>What a model answers, how fast, and what goes wrong on the way.</summary>
internal sealed record ReplyScript
{
    /// <summary>The answer; it is sent word by word unless <see cref="Pieces"/> says how.</summary>
    public string Text { get; init; } = "Grüße! The quick brown fox 🦊 jumps over <13> lazy dogs & sleeps — 終わり 👩‍🚀.";

    /// <summary>The answer as it is sent, a token each.</summary>
    public IReadOnlyList<string>? Pieces { get; init; }

    /// <summary>What it thinks before it answers, word by word; null when it does not.</summary>
    public string? Thinking { get; init; }

    public IReadOnlyList<ScriptedToolCall> ToolCalls { get; init; } = [];

    /// <summary>True when tool calls come in the last piece alone, as with models whose template knows tools.</summary>
    public bool ToolCallsAtEnd { get; init; }

    /// <summary>Tokens per second, on an absolute schedule: a late piece makes no other late. 0 is as fast as the wire.</summary>
    public double TokensPerSecond { get; init; }

    /// <summary>Time in which the request waits for a slot; it is in no field of the reply but the total.</summary>
    public TimeSpan Queue { get; init; }

    /// <summary>Time from the slot to the first token.</summary>
    public TimeSpan Prefill { get; init; }

    /// <summary>Tokens of the prompt; null, they are counted: a token for every four bytes.</summary>
    public int? PromptTokens { get; init; }

    /// <summary>Tokens of the prompt found in the cache; null, the field is absent as in older releases.</summary>
    public int? CachedTokens { get; init; }

    /// <summary>Generated tokens; null, one for every piece.</summary>
    public int? CompletionTokens { get; init; }

    public string DoneReason { get; init; } = "stop";

    /// <summary>Size of a chunk on the wire, so that it ends anywhere, also inside a character; 0, a chunk is an object.</summary>
    public int ChunkBytes { get; init; }

    /// <summary>Answered before the first token in place of all else.</summary>
    public Refusal? Refusal { get; init; }

    public StreamBreak Break { get; init; }

    /// <summary>Pieces that are sent before <see cref="Break"/>.</summary>
    public int BreakAfter { get; init; } = 3;
}

/// <summary>A call of a tool.</summary>
/// <param name="Name">Of the tool.</param>
/// <param name="Arguments">JSON object.</param>
internal sealed record ScriptedToolCall(string Name, string Arguments);

/// <summary>An error before the first byte.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Error">Words in the shape of the API that was asked; null, the body is empty.</param>
internal sealed record Refusal(int Status, string? Error)
{
    /// <summary>What Ollama answers when too many wait.</summary>
    public static readonly Refusal Busy = new(503, "server busy, please try again.  maximum pending requests exceeded");

    public static readonly Refusal Canceled = new(499, "request canceled");
}

/// <summary>How a reply that has begun goes wrong.</summary>
internal enum StreamBreak
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>The connection is reset.</summary>
    Reset,

    /// <summary>The connection ends in the middle of the chunked body.</summary>
    Fin,

    /// <summary>An error in the shape of the API, and a clean end.</summary>
    Error,

    /// <summary>A clean end without the marker that the reply is whole.</summary>
    NoMarker,

    /// <summary>Nothing more comes until the client goes.</summary>
    Silence,
}
