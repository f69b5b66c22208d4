namespace GpuPlatform.Tests.Doubles.Ollama;

/// <summary>/v1/chat/completions.</summary>
internal sealed class OpenAIChatDialect(Answer answer, OllamaDouble server) : Dialect(answer, server)
{
    /// <summary>As Ollama makes them: not unique.</summary>
    private readonly string _id = $"chatcmpl-{answer.Number % 999}";

    public override string ContentType => Events;

    public override byte[] Piece(int index)
    {
        var piece = Answer.Pieces[index];
        var delta = new Fields();
        if (index == 0) delta.Add("role", "assistant");
        switch (piece.Kind)
        {
            case PieceKind.Thinking: delta.Add("reasoning", piece.Text); break;
            case PieceKind.Text: delta.Add("content", piece.Text); break;
            default: delta.Add("tool_calls", new[] { OpenAITool(piece.Tool) }); break;
        }
        return Data(Chunk(delta, null));
    }

    public override IEnumerable<byte[]> End()
    {
        if (Answer.Script.ToolCallsAtEnd && Answer.Tools.Count > 0)
            yield return Data(Chunk(new Fields { { "tool_calls", Answer.Tools.Select(OpenAITool).ToList() } }, null));
        yield return Data(Chunk([], FinishReason));
        if (Answer.Question.IncludesUsage) yield return Data(Chunk(null, null));
        yield return "data: [DONE]\n\n"u8.ToArray();
    }

    // The error is swallowed: what is left of it is a piece without words, and no end
    public override byte[] Failure(string error) => Data(Chunk(new Fields { { "content", "" } }, null));

    public override Fields Whole() => new()
    {
        { "id", _id },
        { "object", "chat.completion" },
        { "created", Answer.At(Answer.Pieces.Count, Server).ToUnixTimeSeconds() },
        { "model", Answer.Question.Model },
        { "system_fingerprint", "fp_ollama" },
        { "choices", new[] { new Fields { { "index", 0 }, { "message", Message() }, { "finish_reason", FinishReason } } } },
        { "usage", OpenAIUsage() },
    };

    private string FinishReason => Answer.Tools.Count > 0 ? "tool_calls" : Answer.DoneReason;

    private Fields Message() => new()
    {
        { "role", "assistant" },
        { "content", Answer.Text },
        { "reasoning", Answer.Thinking, Empty.Omitted },
        { "tool_calls", Answer.Tools.Select(OpenAITool).ToList(), Empty.Omitted },
    };

    /// <summary>Without a delta it is the chunk of the usage.</summary>
    private Fields Chunk(Fields? delta, string? finishReason)
    {
        var chunk = new Fields
        {
            { "id", _id },
            { "object", "chat.completion.chunk" },
            { "created", Answer.At(0, Server).ToUnixTimeSeconds() },
            { "model", Answer.Question.Model },
            { "system_fingerprint", "fp_ollama" },
            { "choices", delta is null ? [] : new[] { new Fields { { "index", 0 }, { "delta", delta }, { "finish_reason", finishReason } } } },
        };
        if (delta is null) chunk.Add("usage", OpenAIUsage());
        return chunk;
    }
}
