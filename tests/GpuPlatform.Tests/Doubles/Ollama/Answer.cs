namespace GpuPlatform.Tests.Doubles.Ollama;

internal enum PieceKind
{
    Thinking,
    Text,
    Tool,
}

/// <summary>A token as it is sent.</summary>
/// <param name="Kind">What it belongs to.</param>
/// <param name="Text">Its text; of a tool, its name.</param>
/// <param name="Tool">Which call of a tool; -1 for none.</param>
internal readonly record struct Piece(PieceKind Kind, string Text, int Tool = -1);

/// <summary>What will be answered to a question, and when each part of it is due: all of it is decided before the first byte.</summary>
internal sealed class Answer
{
    /// <summary>What Ollama tells of a model that is in memory already.</summary>
    private static readonly TimeSpan WarmLoad = TimeSpan.FromTicks(12_345);

    /// <summary>What is told when nothing is waited for.</summary>
    private static readonly TimeSpan UnpacedToken = TimeSpan.FromMilliseconds(1), UnpacedPrefill = TimeSpan.FromMilliseconds(4);

    public Answer(Question question, OllamaModel model, ReplyScript script, bool loads, int number, DateTimeOffset startedAt)
    {
        (Question, Model, Script, Number, StartedAt) = (question, model, script, number, startedAt);
        var pieces = AllPieces(question, script).ToList();
        IsCut = question.Limit is { } limit && limit >= 0 && limit < pieces.Count;
        Pieces = IsCut ? pieces[..question.Limit!.Value] : pieces;
        CompletionTokens = IsCut ? Pieces.Count : script.CompletionTokens ?? Pieces.Count + (script.ToolCallsAtEnd ? script.ToolCalls.Count : 0);
        PromptTokens = script.PromptTokens ?? Question.Tokens(question.Prompt);
        Load = loads ? model.Load + WarmLoad : WarmLoad;
        FirstTokenDue = (loads ? model.Load : TimeSpan.Zero) + script.Queue + script.Prefill;
    }

    public Question Question { get; }

    public OllamaModel Model { get; }

    public ReplyScript Script { get; }

    /// <summary>Of the request: ids are made of it.</summary>
    public int Number { get; }

    public DateTimeOffset StartedAt { get; }

    public IReadOnlyList<Piece> Pieces { get; }

    /// <summary>True when the answer is cut at the tokens that were asked for.</summary>
    public bool IsCut { get; }

    public int PromptTokens { get; }

    public int CompletionTokens { get; }

    public string DoneReason => IsCut ? "length" : Script.DoneReason;

    public TimeSpan Load { get; }

    public TimeSpan Prefill => Script.Prefill > TimeSpan.Zero ? Script.Prefill : UnpacedPrefill;

    public TimeSpan Decode => Script.TokensPerSecond > 0 ? CompletionTokens / Script.TokensPerSecond * TimeSpan.FromSeconds(1) : CompletionTokens * UnpacedToken;

    public TimeSpan Total => Load + Script.Queue + Prefill + Decode;

    /// <summary>Counted from the request's last byte.</summary>
    public TimeSpan FirstTokenDue { get; }

    public string Text => Join(PieceKind.Text);

    public string Thinking => Join(PieceKind.Thinking);

    /// <summary>Tool calls that the answer reaches.</summary>
    public IReadOnlyList<int> Tools =>
        [.. Pieces.Where(piece => piece.Kind == PieceKind.Tool).Select(piece => piece.Tool), .. Script.ToolCallsAtEnd ? Enumerable.Range(0, Script.ToolCalls.Count) : []];

    /// <summary>Counted from the request's last byte: of a piece, or of the end for the number of all pieces.</summary>
    public TimeSpan Due(int piece) =>
        Script.TokensPerSecond <= 0 ? FirstTokenDue
        : FirstTokenDue + (piece == Pieces.Count ? Decode : piece / Script.TokensPerSecond * TimeSpan.FromSeconds(1));

    /// <summary>The wall clock when a piece goes: the real one, or the schedule counted from a clock that stands.</summary>
    public DateTimeOffset At(int piece, OllamaDouble server) => server.StandingClock is { } standing ? standing + Load + Due(piece) : DateTimeOffset.UtcNow;

    public string ToolId(int tool) => $"call_{Number:x4}{tool:x4}";

    private string Join(PieceKind kind) => string.Concat(Pieces.Where(piece => piece.Kind == kind).Select(piece => piece.Text));

    private static IEnumerable<Piece> AllPieces(Question question, ReplyScript script)
    {
        if (question.Thinks && script.Thinking is { } thinking)
            foreach (var word in Words(thinking)) yield return new(PieceKind.Thinking, word);
        foreach (var word in script.Pieces ?? [.. Words(script.Text)]) yield return new(PieceKind.Text, word);
        if (script.ToolCallsAtEnd) yield break;
        for (var tool = 0; tool < script.ToolCalls.Count; tool++) yield return new(PieceKind.Tool, script.ToolCalls[tool].Name, tool);
    }

    private static IEnumerable<string> Words(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf(' ', start + 1);
            yield return end < 0 ? text[start..] : text[start..end];
            start = end < 0 ? text.Length : end;
        }
    }
}
