using System.Text.Json.Serialization;

namespace GpuPlatform.Contracts;

/// <summary>The family of API that a request at a model server spoke.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LlmApi>))]
public enum LlmApi
{
    /// <summary>A family that this release does not know.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,

    /// <summary>Ollama's own, <c>/api/…</c>.</summary>
    [JsonStringEnumMemberName("ollama")]
    Ollama,

    /// <summary>OpenAI's, <c>/v1/…</c>.</summary>
    [JsonStringEnumMemberName("openai")]
    OpenAI,

    /// <summary>Anthropic's, <c>/v1/messages</c>.</summary>
    [JsonStringEnumMemberName("anthropic")]
    Anthropic,
}
