using System.Text;
using System.Text.Json;

namespace GpuPlatform.Tests.Doubles.Ollama;

/// <summary>How an API puts an answer into bytes. One for each reply: it remembers where it is.</summary>
internal abstract class Dialect(Answer answer, OllamaDouble server)
{
    public const string Lines = "application/x-ndjson", Events = "text/event-stream";

    protected Answer Answer => answer;

    protected OllamaDouble Server => server;

    public abstract string ContentType { get; }

    /// <summary>A piece of the answer; the first may bring an opening with it.</summary>
    public abstract byte[] Piece(int index);

    /// <summary>What follows the last piece, a write each.</summary>
    public abstract IEnumerable<byte[]> End();

    /// <summary>The answer in one document.</summary>
    public abstract Fields Whole();

    /// <summary>What is left of an error in the middle of a stream; null, nothing is.</summary>
    public virtual byte[]? Failure(string error) => null;

    public static Dialect For(string path, Answer answer, OllamaDouble server) => path switch
    {
        "/api/generate" => new NativeDialect(answer, server, chats: false),
        "/api/chat" => new NativeDialect(answer, server, chats: true),
        "/v1/chat/completions" => new OpenAIChatDialect(answer, server),
        "/v1/completions" => new OpenAITextDialect(answer, server),
        "/v1/responses" => new ResponsesDialect(answer, server),
        "/v1/messages" => new AnthropicDialect(answer, server),
        _ => throw new ArgumentException($"no answers at {path}", nameof(path)),
    };

    protected static byte[] Data(Fields data) => Encoding.UTF8.GetBytes($"data: {GoJson.Text(data)}\n\n");

    protected static byte[] Event(string name, Fields data) => Encoding.UTF8.GetBytes($"event: {name}\ndata: {GoJson.Text(data)}\n\n");

    protected static JsonElement Arguments(ScriptedToolCall tool) => JsonElement.Parse(tool.Arguments);

    protected Fields OpenAITool(int tool) => new()
    {
        { "id", answer.ToolId(tool) },
        { "index", tool },
        { "type", "function" },
        { "function", new Fields { { "name", answer.Script.ToolCalls[tool].Name }, { "arguments", answer.Script.ToolCalls[tool].Arguments } } },
    };

    protected Fields OpenAIUsage()
    {
        var usage = new Fields { { "prompt_tokens", answer.PromptTokens }, { "completion_tokens", answer.CompletionTokens }, { "total_tokens", answer.PromptTokens + answer.CompletionTokens } };
        if (answer.Script.CachedTokens is { } cached) usage.Add("prompt_tokens_details", new Fields { { "cached_tokens", cached } });
        return usage;
    }
}
