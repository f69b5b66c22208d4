namespace GpuPlatform.Tests.Doubles.Ollama;

/// <summary>Ollama's own API: a JSON object a line, the numbers in the last.</summary>
internal sealed class NativeDialect(Answer answer, OllamaDouble server, bool chats) : Dialect(answer, server)
{
    private const int KnownContext = 4096;

    public override string ContentType => Lines;

    public override byte[] Piece(int index)
    {
        var piece = Answer.Pieces[index];
        var line = Head(index);
        var (text, thinking) = piece.Kind switch { PieceKind.Text => (piece.Text, ""), PieceKind.Thinking => ("", piece.Text), _ => ("", "") };
        Add(line, text, thinking, piece.Kind == PieceKind.Tool ? [piece.Tool] : []);
        line.Add("done", false);
        return Line(line);
    }

    public override IEnumerable<byte[]> End() => [Line(Done("", "", Answer.Script.ToolCallsAtEnd ? Answer.Tools : []))];

    public override Fields Whole() => Done(Answer.Text, Answer.Thinking, Answer.Tools);

    public override byte[] Failure(string error) => Line(new Fields { { "error", error } });

    /// <summary>The answer to a request that asks for no token.</summary>
    public static Fields Idle(Answer answer, OllamaDouble server, bool chats, string reason)
    {
        var dialect = new NativeDialect(answer, server, chats);
        var fields = dialect.Head(0);
        dialect.Add(fields, "", "", []);
        fields.Add("done", true);
        fields.Add("done_reason", reason);
        return fields;
    }

    private Fields Head(int piece) => new()
    {
        { "model", Answer.Question.Model },
        { "remote_model", Answer.Model.RemoteModel, Empty.Omitted },
        { "remote_host", Answer.Model.RemoteHost, Empty.Omitted },
        { "created_at", Answer.At(piece, Server) },
    };

    private void Add(Fields line, string text, string thinking, IReadOnlyList<int> tools)
    {
        var calls = tools.Select(Tool).ToList();
        if (chats)
        {
            line.Add("message", new Fields
            {
                { "role", "assistant" }, { "content", text }, { "thinking", thinking, Empty.Omitted }, { "tool_calls", calls, Empty.Omitted },
            });
            return;
        }
        line.Add("response", text);
        line.Add("thinking", thinking, Empty.Omitted);
    }

    private Fields Tool(int tool) => new()
    {
        { "id", Answer.ToolId(tool) },
        { "function", new Fields { { "index", tool }, { "name", Answer.Script.ToolCalls[tool].Name }, { "arguments", Arguments(Answer.Script.ToolCalls[tool]) } } },
    };

    private Fields Done(string text, string thinking, IReadOnlyList<int> tools)
    {
        var line = Head(Answer.Pieces.Count);
        Add(line, text, thinking, tools);
        line.Add("done", true);
        line.Add("done_reason", Answer.DoneReason, Empty.Omitted);
        if (!chats && Question.Get(Answer.Question.Root, "raw") is null)
            line.Add("context", Enumerable.Range(1000, Math.Min(KnownContext, Answer.PromptTokens + Answer.CompletionTokens)));
        line.Add("total_duration", Nanoseconds(Answer.Total));
        line.Add("load_duration", Nanoseconds(Answer.Load));
        line.Add("prompt_eval_count", Answer.PromptTokens, Empty.Omitted);
        line.Add("prompt_eval_cached_count", Answer.Script.CachedTokens, Empty.Omitted);
        line.Add("prompt_eval_duration", Nanoseconds(Answer.Prefill));
        line.Add("eval_count", Answer.CompletionTokens, Empty.Omitted);
        line.Add("eval_duration", Nanoseconds(Answer.Decode), Empty.Omitted);
        return line;
    }

    private static long Nanoseconds(TimeSpan span) => span.Ticks * TimeSpan.NanosecondsPerTick;

    private static byte[] Line(Fields fields) => [.. GoJson.Bytes(fields), (byte)'\n'];
}
