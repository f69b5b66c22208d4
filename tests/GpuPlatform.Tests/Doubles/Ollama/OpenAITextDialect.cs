namespace GpuPlatform.Tests.Doubles.Ollama;

/// <summary>/v1/completions.</summary>
internal sealed class OpenAITextDialect(Answer answer, OllamaDouble server) : Dialect(answer, server)
{
    private static readonly Fields NoUsage = new() { { "prompt_tokens", 0 }, { "completion_tokens", 0 }, { "total_tokens", 0 } };
    private readonly string _id = $"cmpl-{answer.Number % 999}";

    public override string ContentType => Events;

    public override byte[] Piece(int index) => Data(Chunk(Answer.Pieces[index] is { Kind: PieceKind.Text, Text: var text } ? text : "", null));

    public override IEnumerable<byte[]> End()
    {
        yield return Data(Chunk("", Answer.DoneReason));
        if (Answer.Question.IncludesUsage) yield return Data(Chunk(null, null));
        yield return "data: [DONE]\n\n"u8.ToArray();
    }

    public override byte[] Failure(string error) => Data(Chunk("", null));

    public override Fields Whole()
    {
        var whole = Head(Answer.At(Answer.Pieces.Count, Server));
        whole.Add("model", Answer.Question.Model);
        whole.Add("system_fingerprint", "fp_ollama");
        whole.Add("choices", new[] { Choice(Answer.Text, Answer.DoneReason) });
        whole.Add("usage", OpenAIUsage());
        return whole;
    }

    private static Fields Choice(string text, string? finishReason) => new() { { "text", text }, { "index", 0 }, { "finish_reason", finishReason } };

    private Fields Head(DateTimeOffset at) => new() { { "id", _id }, { "object", "text_completion" }, { "created", at.ToUnixTimeSeconds() } };

    /// <summary>Without text it is the chunk of the usage. When usage was asked for, every other chunk has one of zeros.</summary>
    private Fields Chunk(string? text, string? finishReason)
    {
        var chunk = Head(Answer.At(0, Server));
        chunk.Add("choices", text is null ? [] : new[] { Choice(text, finishReason) });
        chunk.Add("model", Answer.Question.Model);
        chunk.Add("system_fingerprint", "fp_ollama");
        if (Answer.Question.IncludesUsage) chunk.Add("usage", text is null ? OpenAIUsage() : NoUsage);
        return chunk;
    }
}
