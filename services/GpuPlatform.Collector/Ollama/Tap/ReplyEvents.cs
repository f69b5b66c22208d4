namespace GpuPlatform.Collector.Ollama.Tap;

/// <summary>What the type of an event of /v1/responses or /v1/messages means.</summary>
internal enum ReplyEvent
{
    None,
    Text,
    Thinking,
    ToolCall,

    /// <summary>The last event of a whole reply.</summary>
    End,
    Error,
}

/// <summary>Reads the types of events.</summary>
internal static class ReplyEvents
{
    public static ReplyEvent Of(ReadOnlySpan<byte> type)
    {
        if (type.SequenceEqual("error"u8) || type.SequenceEqual("response.failed"u8)) return ReplyEvent.Error;
        if (type.SequenceEqual("message_stop"u8)) return ReplyEvent.End;
        if (!type.StartsWith("response."u8)) return ReplyEvent.None;

        if (type.SequenceEqual("response.completed"u8) || type.SequenceEqual("response.incomplete"u8)) return ReplyEvent.End;
        if (!type.EndsWith(".delta"u8)) return ReplyEvent.None;
        if (type.StartsWith("response.reasoning"u8)) return ReplyEvent.Thinking;
        return type.StartsWith("response.output_text"u8) || type.StartsWith("response.refusal"u8) ? ReplyEvent.Text : ReplyEvent.ToolCall;
    }
}
