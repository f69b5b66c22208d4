using System.Collections.Frozen;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Ollama;

/// <summary>How a reply that comes piece by piece is framed.</summary>
internal enum ReplyFraming
{
    /// <summary>It comes in one piece always: one JSON document.</summary>
    Whole,

    /// <summary>One JSON document a line.</summary>
    Lines,

    /// <summary>Server-sent events.</summary>
    Events,
}

/// <summary>A path at which models work, in a way that can be read. Every other path passes unread.</summary>
/// <param name="Path">The path.</param>
/// <param name="Api">Its family.</param>
/// <param name="Operation">OpenTelemetry's <c>gen_ai.operation.name</c>.</param>
/// <param name="Framing">Framing of a reply that streams.</param>
/// <param name="StreamsByDefault">What holds when the request does not say <c>stream</c>.</param>
internal sealed record LlmEndpoint(string Path, LlmApi Api, string Operation, ReplyFraming Framing, bool StreamsByDefault)
{
    private const string Chat = "chat", Completion = "text_completion", Embeddings = "embeddings";

    public static IReadOnlyList<LlmEndpoint> All { get; } =
    [
        new("/api/generate", LlmApi.Ollama, Completion, ReplyFraming.Lines, StreamsByDefault: true),
        new("/api/chat", LlmApi.Ollama, Chat, ReplyFraming.Lines, StreamsByDefault: true),
        new("/api/embed", LlmApi.Ollama, Embeddings, ReplyFraming.Whole, StreamsByDefault: false),
        new("/api/embeddings", LlmApi.Ollama, Embeddings, ReplyFraming.Whole, StreamsByDefault: false),
        new("/v1/chat/completions", LlmApi.OpenAI, Chat, ReplyFraming.Events, StreamsByDefault: false),
        new("/v1/completions", LlmApi.OpenAI, Completion, ReplyFraming.Events, StreamsByDefault: false),
        new("/v1/embeddings", LlmApi.OpenAI, Embeddings, ReplyFraming.Whole, StreamsByDefault: false),
        new("/v1/responses", LlmApi.OpenAI, Chat, ReplyFraming.Events, StreamsByDefault: false),
        new("/v1/messages", LlmApi.Anthropic, Chat, ReplyFraming.Events, StreamsByDefault: false),
    ];

    /// <summary>Stands for a path at which models may work in a way that nobody here can read.</summary>
    public static LlmEndpoint Unread { get; } = new("", LlmApi.Unknown, "", ReplyFraming.Whole, StreamsByDefault: false);

    private static readonly FrozenDictionary<string, LlmEndpoint> ByPath = All.ToFrozenDictionary(endpoint => endpoint.Path);

    /// <summary>The endpoint of a request; null when no model works for it that could be read.</summary>
    public static LlmEndpoint? Find(string method, string path) =>
        HttpMethods.IsPost(method) && ByPath.TryGetValue(path, out var endpoint) ? endpoint : null;
}
