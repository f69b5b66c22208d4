namespace GpuPlatform.Collector.Ollama.Tap;

/// <summary>What a value in a reply means, whatever its family calls it.</summary>
internal enum ReplyValue
{
    None,

    /// <summary>A piece of the answer.</summary>
    Text,

    /// <summary>A piece of thinking.</summary>
    Thinking,

    /// <summary>A piece of a tool call.</summary>
    ToolCall,

    /// <summary>A piece of what <see cref="Type"/> says.</summary>
    Delta,

    Model,

    /// <summary>Its presence says that the model runs elsewhere.</summary>
    Remote,

    /// <summary>True in the last document of a stream.</summary>
    Done,

    FinishReason,

    /// <summary>Kind of event.</summary>
    Type,

    /// <summary>How a response of /v1/responses ended.</summary>
    Status,

    Error,

    /// <summary>An error where nothing else could be meant: in a reply of one piece, or in an event of that type.</summary>
    Message,

    // Numbers, from here on
    TotalNanoseconds,
    LoadNanoseconds,
    PrefillNanoseconds,
    DecodeNanoseconds,
    PrefillMilliseconds,
    DecodeMilliseconds,
    PromptTokens,

    /// <summary>Tokens of the prompt without those of the cache.</summary>
    UncachedTokens,
    CachedTokens,

    /// <summary>Tokens of the prompt that were written to the cache; not among the uncached.</summary>
    CacheWrittenTokens,
    CompletionTokens,
    ReasoningTokens,

    /// <summary>Of llama.cpp's timings, which come beside the usage.</summary>
    TimedCachedTokens,
    TimedPromptTokens,
    TimedCompletionTokens,
}
