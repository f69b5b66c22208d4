namespace GpuPlatform.Tests.Doubles.Ollama;

/// <summary>/v1/responses: every event has a sequence number, fields stand in the order of a Go map, and nothing marks the end but the last event's name.</summary>
internal sealed class ResponsesDialect(Answer answer, OllamaDouble server) : Dialect(answer, server)
{
    private readonly string _id = $"resp_{answer.Number}";
    private readonly string _messageId = $"msg_{answer.Number}";
    private readonly string _reasoningId = $"rs_{answer.Number}";
    private readonly List<byte> _pending = [];
    private readonly List<Fields> _output = [];
    private int _sequence;
    private bool _started, _reasons, _speaks, _calls;
    private string _thinking = "", _text = "";

    public override string ContentType => Events;

    public override byte[] Piece(int index)
    {
        var piece = Answer.Pieces[index];
        Start();
        switch (piece.Kind)
        {
            case PieceKind.Thinking: Reason(piece.Text); break;
            case PieceKind.Text: Speak(piece.Text); break;
            default: Call(piece.Tool); break;
        }
        return Take();
    }

    public override IEnumerable<byte[]> End()
    {
        Start();
        if (Answer.Script.ToolCallsAtEnd) foreach (var tool in Answer.Tools) Call(tool);
        EndReasoning();
        if (_speaks && !_calls) EndMessage();
        Add("response.completed", new() { { "response", Response("completed", _output).Sorted() } });
        yield return Take();
    }

    public override Fields Whole()
    {
        List<Fields> output = [];
        if (Answer.Thinking.Length > 0) output.Add(Reasoning(Answer.Thinking));
        if (Answer.Tools.Count > 0) output.AddRange(Answer.Tools.Select(tool => FunctionCall(tool, "completed", Answer.Script.ToolCalls[tool].Arguments)));
        else output.Add(Message("completed", [Part(Answer.Text)]));
        return Response("completed", output);
    }

    private void Start()
    {
        if (_started) return;
        _started = true;
        Add("response.created", new() { { "response", Response("in_progress", []).Sorted() } });
        Add("response.in_progress", new() { { "response", Response("in_progress", []).Sorted() } });
    }

    private void Reason(string words)
    {
        if (!_reasons)
        {
            _reasons = true;
            AddItem("response.output_item.added", new() { { "id", _reasoningId }, { "summary", Array.Empty<Fields>() }, { "type", "reasoning" } });
        }
        _thinking += words;
        Add("response.reasoning_summary_text.delta", new() { { "delta", words }, { "item_id", _reasoningId }, { "output_index", _output.Count }, { "summary_index", 0 } });
    }

    private void EndReasoning()
    {
        if (!_reasons) return;
        _reasons = false;
        Add("response.reasoning_summary_text.done", new() { { "item_id", _reasoningId }, { "output_index", _output.Count }, { "summary_index", 0 }, { "text", _thinking } });
        AddItem("response.output_item.done", Reasoning(_thinking));
        _output.Add(Reasoning(_thinking));
    }

    private void Speak(string words)
    {
        EndReasoning();
        if (!_speaks)
        {
            _speaks = true;
            AddItem("response.output_item.added", Message("in_progress", []));
            AddContent("response.content_part.added", "part", Part(""), withLogProbabilities: false);
        }
        _text += words;
        AddContent("response.output_text.delta", "delta", words);
    }

    private void EndMessage()
    {
        AddContent("response.output_text.done", "text", _text);
        AddContent("response.content_part.done", "part", Part(_text), withLogProbabilities: false);
        AddItem("response.output_item.done", Message("completed", [Part(_text)]));
        _output.Add(Message("completed", [Part(_text)]));
    }

    private void Call(int tool)
    {
        EndReasoning();
        _calls = true;
        var arguments = Answer.Script.ToolCalls[tool].Arguments;
        AddItem("response.output_item.added", FunctionCall(tool, "in_progress", ""));
        Add("response.function_call_arguments.delta", new() { { "delta", arguments }, { "item_id", CallId(tool) }, { "output_index", _output.Count } });
        Add("response.function_call_arguments.done", new() { { "arguments", arguments }, { "item_id", CallId(tool) }, { "output_index", _output.Count } });
        AddItem("response.output_item.done", FunctionCall(tool, "completed", arguments));
        _output.Add(FunctionCall(tool, "completed", arguments));
    }

    private void AddItem(string name, Fields item) => Add(name, new() { { "item", item.Sorted() }, { "output_index", _output.Count } });

    private void AddContent(string name, string field, object value, bool withLogProbabilities = true)
    {
        var data = new Fields { { "content_index", 0 }, { field, value }, { "item_id", _messageId }, { "output_index", _output.Count } };
        if (withLogProbabilities) data.Add("logprobs", Array.Empty<Fields>());
        Add(name, data);
    }

    private void Add(string name, Fields data)
    {
        data.Add("type", name);
        data.Add("sequence_number", _sequence++);
        _pending.AddRange(Event(name, data.Sorted()));
    }

    private byte[] Take()
    {
        byte[] taken = [.. _pending];
        _pending.Clear();
        return taken;
    }

    private string CallId(int tool) => $"fc_{Answer.Number}_{tool}";

    private Fields Reasoning(string words) => new()
    {
        { "id", _reasoningId }, { "type", "reasoning" },
        { "summary", new[] { new Fields { { "type", "summary_text" }, { "text", words } } } }, { "encrypted_content", words },
    };

    private Fields FunctionCall(int tool, string status, string arguments) => new()
    {
        { "id", CallId(tool) }, { "type", "function_call" }, { "status", status },
        { "call_id", Answer.ToolId(tool) }, { "name", Answer.Script.ToolCalls[tool].Name }, { "arguments", arguments },
    };

    private Fields Message(string status, IReadOnlyList<Fields> content) => new()
    {
        { "id", _messageId }, { "type", "message" }, { "status", status }, { "role", "assistant" }, { "content", content },
    };

    private static Fields Part(string text) => new() { { "type", "output_text" }, { "text", text }, { "annotations", Array.Empty<Fields>() }, { "logprobs", Array.Empty<Fields>() } };

    private Fields Response(string status, IReadOnlyList<Fields> output)
    {
        var isDone = status == "completed";
        return new()
        {
            { "id", _id }, { "object", "response" },
            { "created_at", Answer.At(0, Server).ToUnixTimeSeconds() },
            { "completed_at", isDone ? Answer.At(Answer.Pieces.Count, Server).ToUnixTimeSeconds() : null },
            { "status", status }, { "incomplete_details", null }, { "model", Answer.Question.Model }, { "previous_response_id", null },
            { "instructions", Question.Get(Answer.Question.Root, "instructions") }, { "output", output }, { "error", null },
            { "tools", Array.Empty<Fields>() }, { "tool_choice", "auto" }, { "truncation", "disabled" }, { "parallel_tool_calls", true },
            { "text", new Fields { { "format", new Fields { { "type", "text" } } } } }, { "top_p", 1 }, { "presence_penalty", 0 }, { "frequency_penalty", 0 },
            { "top_logprobs", 0 }, { "temperature", 1 }, { "reasoning", null }, { "usage", isDone ? Usage() : null },
            { "max_output_tokens", Answer.Question.Limit }, { "max_tool_calls", null }, { "store", false }, { "background", false },
            { "service_tier", "default" }, { "metadata", new Fields() }, { "safety_identifier", null }, { "prompt_cache_key", null },
        };
    }

    private Fields Usage() => new()
    {
        { "input_tokens", Answer.PromptTokens }, { "output_tokens", Answer.CompletionTokens }, { "total_tokens", Answer.PromptTokens + Answer.CompletionTokens },
        { "input_tokens_details", new Fields { { "cached_tokens", Answer.Script.CachedTokens ?? 0 } } },
        { "output_tokens_details", new Fields { { "reasoning_tokens", 0 } } },
    };
}
