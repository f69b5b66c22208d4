using GpuPlatform.Tests.Doubles.Ollama;

namespace GpuPlatform.SystemTests.Clients;

/// <summary>The models that the scripts ask, each with a way of its own.</summary>
internal static class ScriptedModels
{
    const int Megabyte = 1 << 20;

    static readonly ScriptedToolCall[] Tools = [new("weather", """{"city":"Zürich"}"""), new("weather", """{"city":"東京"}""")];

    public static readonly OllamaModel Paced = With("paced", new()
    {
        Pieces = [.. Enumerable.Range(0, 20).Select(number => $" {number}")],
        TokensPerSecond = 100,
        Prefill = TimeSpan.FromMilliseconds(150),
    });

    public static IReadOnlyList<OllamaModel> All { get; } =
    [
        With("plain", new()),
        With("thinker", new() { Thinking = "Hm… 🤔 let me see." }),
        With("tools", new() { Text = "", Pieces = [], ToolCalls = Tools }),
        With("tools-late", new() { Pieces = ["Let", " me", " look."], ToolCalls = Tools, ToolCallsAtEnd = true }),
        With("split", new() { Pieces = ["👩‍🚀", "ü", "終わり", "plain"], ChunkBytes = 7 }),
        With("wide", new() { Pieces = ["short", new string('w', Megabyte), "ü"] }),
        With("cached", new() { PromptTokens = 90, CachedTokens = 60 }),
        With("embedder", new()),
        new OllamaModel("far-cloud") { RemoteModel = "far" },
        Paced,
        With("bad", new() { Refusal = new Refusal(400, "invalid options: num_ctx") }),
        With("busy", new() { Refusal = Refusal.Busy }),
        With("canceled", new() { Refusal = Refusal.Canceled }),
        With("failing", new() { Break = StreamBreak.Error }),
        With("reset", new() { Break = StreamBreak.Reset }),
        With("fin", new() { Break = StreamBreak.Fin }),
        With("endless", new() { Break = StreamBreak.NoMarker }),
        With("silent", new() { Break = StreamBreak.Silence }),
        With("mute", new() { Break = StreamBreak.Silence, BreakAfter = 0 }),
    ];

    static OllamaModel With(string name, ReplyScript reply) => new(name) { Reply = reply };
}
