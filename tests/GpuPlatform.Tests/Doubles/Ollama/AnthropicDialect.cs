namespace GpuPlatform.Tests.Doubles.Ollama;

/// <summary>/v1/messages. Its first count of the prompt is a guess; the last event has the real one.</summary>
internal sealed class AnthropicDialect(Answer answer, OllamaDouble server) : Dialect(answer, server)
{
    private readonly string _id = $"msg_{answer.Number:x24}";
    private int _block;
    private PieceKind? _open;
    private bool _started;

    public override string ContentType => Events;

    public override byte[] Piece(int index)
    {
        var piece = Answer.Pieces[index];
        List<byte> events = [.. Opening()];
        if (piece.Kind == PieceKind.Tool) return [.. events, .. Close(), .. ToolBlock(piece.Tool)];
        if (_open != piece.Kind)
        {
            events.AddRange(Close());
            _open = piece.Kind;
            events.AddRange(Start(piece.Kind == PieceKind.Text
                ? new Fields { { "type", "text" }, { "text", "" } }
                : new Fields { { "type", "thinking" }, { "thinking", "" } }));
        }
        events.AddRange(Delta(piece.Kind == PieceKind.Text
            ? new Fields { { "type", "text_delta" }, { "text", piece.Text } }
            : new Fields { { "type", "thinking_delta" }, { "thinking", piece.Text } }));
        return [.. events];
    }

    public override IEnumerable<byte[]> End()
    {
        List<byte> events = [.. Opening(), .. Close()];
        if (Answer.Script.ToolCallsAtEnd) foreach (var tool in Answer.Tools) events.AddRange(ToolBlock(tool));
        events.AddRange(Event("message_delta", new Fields
        {
            { "type", "message_delta" },
            { "delta", new Fields { { "stop_reason", StopReason } } },
            { "usage", Usage(Answer.PromptTokens, Answer.CompletionTokens) },
        }));
        events.AddRange(Event("message_stop", new Fields { { "type", "message_stop" } }));
        yield return [.. events];
    }

    public override Fields Whole()
    {
        List<Fields> content = [];
        if (Answer.Thinking.Length > 0) content.Add(new() { { "type", "thinking" }, { "thinking", Answer.Thinking } });
        if (Answer.Text.Length > 0) content.Add(new() { { "type", "text" }, { "text", Answer.Text } });
        content.AddRange(Answer.Tools.Select(tool => Tool(tool, Arguments(Answer.Script.ToolCalls[tool]))));
        return Message(content, StopReason, Usage(Answer.PromptTokens, Answer.CompletionTokens));
    }

    private string StopReason => Answer.Tools.Count > 0 ? "tool_use" : Answer.DoneReason switch { "stop" => "end_turn", "length" => "max_tokens", _ => "stop_sequence" };

    private byte[] Opening()
    {
        if (_started) return [];
        _started = true;
        return Event("message_start", new Fields
        {
            { "type", "message_start" }, { "message", Message([], null, Usage(Question.Tokens(Answer.Question.Prompt + "user"), 0)) },
        });
    }

    private byte[] Close()
    {
        if (_open is null) return [];
        _open = null;
        return Stop();
    }

    private byte[] ToolBlock(int tool) =>
    [
        .. Start(Tool(tool, new Fields())),
        .. Delta(new Fields { { "type", "input_json_delta" }, { "partial_json", Answer.Script.ToolCalls[tool].Arguments } }),
        .. Stop(),
    ];

    private byte[] Start(Fields block) =>
        Event("content_block_start", new Fields { { "type", "content_block_start" }, { "index", _block }, { "content_block", block } });

    private byte[] Delta(Fields delta) =>
        Event("content_block_delta", new Fields { { "type", "content_block_delta" }, { "index", _block }, { "delta", delta } });

    private byte[] Stop() => Event("content_block_stop", new Fields { { "type", "content_block_stop" }, { "index", _block++ } });

    private Fields Tool(int tool, object input) => new() { { "type", "tool_use" }, { "id", Answer.ToolId(tool) }, { "name", Answer.Script.ToolCalls[tool].Name }, { "input", input } };

    private static Fields Usage(int input, int output) => new() { { "input_tokens", input }, { "output_tokens", output } };

    private Fields Message(IReadOnlyList<Fields> content, string? stopReason, Fields usage) => new()
    {
        { "id", _id }, { "type", "message" }, { "role", "assistant" }, { "model", Answer.Question.Model },
        { "content", content }, { "stop_reason", stopReason, Empty.Omitted }, { "usage", usage },
    };
}
