using System.Collections.Frozen;

namespace GpuPlatform.Collector.Ollama.Tap;

/// <summary>Where each endpoint's replies, errors included, say what. The first places are found first: what every piece has stands above what comes once.</summary>
internal static class ReplyShapes
{
    private static readonly (string, ReplyValue)[] OllamaEnd =
    [
        ("model", ReplyValue.Model),
        ("done", ReplyValue.Done),
        ("done_reason", ReplyValue.FinishReason),
        ("total_duration", ReplyValue.TotalNanoseconds),
        ("load_duration", ReplyValue.LoadNanoseconds),
        ("prompt_eval_count", ReplyValue.PromptTokens),
        ("prompt_eval_cached_count", ReplyValue.CachedTokens),
        ("prompt_eval_duration", ReplyValue.PrefillNanoseconds),
        ("eval_count", ReplyValue.CompletionTokens),
        ("eval_duration", ReplyValue.DecodeNanoseconds),
        ("remote_model", ReplyValue.Remote),
        ("remote_host", ReplyValue.Remote),
        ("error", ReplyValue.Error),
        ("error.message", ReplyValue.Error),
    ];

    // Of Ollama, llama.cpp's server and vLLM alike
    private static readonly (string, ReplyValue)[] OpenAIEnd =
    [
        ("model", ReplyValue.Model),
        ("choices[].finish_reason", ReplyValue.FinishReason),
        ("usage.prompt_tokens", ReplyValue.PromptTokens),
        ("usage.completion_tokens", ReplyValue.CompletionTokens),
        ("usage.prompt_tokens_details.cached_tokens", ReplyValue.CachedTokens),
        ("usage.completion_tokens_details.reasoning_tokens", ReplyValue.ReasoningTokens),
        .. TimingsAndErrors,
    ];

    private static (string, ReplyValue)[] TimingsAndErrors =>
    [
        ("timings.cache_n", ReplyValue.TimedCachedTokens),
        ("timings.prompt_n", ReplyValue.TimedPromptTokens),
        ("timings.prompt_ms", ReplyValue.PrefillMilliseconds),
        ("timings.predicted_n", ReplyValue.TimedCompletionTokens),
        ("timings.predicted_ms", ReplyValue.DecodeMilliseconds),
        ("metrics.generation_time_ms", ReplyValue.DecodeMilliseconds),
        ("error", ReplyValue.Error),
        ("error.message", ReplyValue.Error),
        ("message", ReplyValue.Message),
        ("detail", ReplyValue.Message),
        ("detail[].msg", ReplyValue.Message),
    ];

    private static readonly ReplyField Generate = ReplyField.Document(
        [("response", ReplyValue.Text), ("thinking", ReplyValue.Thinking), ("tool_calls[]", ReplyValue.ToolCall), .. OllamaEnd]);

    private static readonly ReplyField Chat = ReplyField.Document(
    [
        ("message.content", ReplyValue.Text),
        ("message.thinking", ReplyValue.Thinking),
        ("message.tool_calls[]", ReplyValue.ToolCall),
        .. OllamaEnd,
    ]);

    private static readonly ReplyField ChatCompletions = ReplyField.Document(
    [
        ("choices[].delta.content", ReplyValue.Text),
        ("choices[].delta.refusal", ReplyValue.Text),
        ("choices[].delta.reasoning", ReplyValue.Thinking),
        ("choices[].delta.reasoning_content", ReplyValue.Thinking),
        ("choices[].delta.tool_calls[]", ReplyValue.ToolCall),
        ("choices[].delta.function_call.name", ReplyValue.ToolCall),
        ("choices[].delta.function_call.arguments", ReplyValue.ToolCall),
        .. OpenAIEnd,
    ]);

    private static readonly ReplyField Completions = ReplyField.Document([("choices[].text", ReplyValue.Text), .. OpenAIEnd]);

    private static readonly ReplyField Responses = ReplyField.Document(
        [("type", ReplyValue.Type), ("delta", ReplyValue.Delta), .. Response(""), .. Response("response."), .. TimingsAndErrors]);

    private static readonly ReplyField Messages = ReplyField.Document(
    [
        ("type", ReplyValue.Type),
        ("delta.text", ReplyValue.Text),
        ("delta.thinking", ReplyValue.Thinking),
        ("delta.partial_json", ReplyValue.ToolCall),
        ("delta.stop_reason", ReplyValue.FinishReason),
        ("content_block.text", ReplyValue.Text),
        ("content_block.thinking", ReplyValue.Thinking),
        ("content_block.name", ReplyValue.ToolCall),
        ("stop_reason", ReplyValue.FinishReason),
        .. AnthropicUsage(""),
        ("usage.output_tokens", ReplyValue.CompletionTokens),
        // What this one says of the output is the number before the first token
        .. AnthropicUsage("message."),
        .. TimingsAndErrors,
    ]);

    private static readonly ReplyField OllamaEmbeddings = ReplyField.Document(OllamaEnd);
    private static readonly ReplyField OpenAIEmbeddings = ReplyField.Document(OpenAIEnd);

    private static readonly FrozenDictionary<string, ReplyField> ByPath = new Dictionary<string, ReplyField>
    {
        ["/api/generate"] = Generate,
        ["/api/chat"] = Chat,
        ["/api/embed"] = OllamaEmbeddings,
        ["/api/embeddings"] = OllamaEmbeddings,
        ["/v1/chat/completions"] = ChatCompletions,
        ["/v1/completions"] = Completions,
        ["/v1/embeddings"] = OpenAIEmbeddings,
        ["/v1/responses"] = Responses,
        ["/v1/messages"] = Messages,
    }.ToFrozenDictionary();

    public static ReplyField Of(LlmEndpoint endpoint) => ByPath[endpoint.Path];

    private static (string, ReplyValue)[] Response(string parent) =>
    [
        (parent + "model", ReplyValue.Model),
        (parent + "status", ReplyValue.Status),
        (parent + "incomplete_details.reason", ReplyValue.FinishReason),
        (parent + "usage.input_tokens", ReplyValue.PromptTokens),
        (parent + "usage.output_tokens", ReplyValue.CompletionTokens),
        (parent + "usage.input_tokens_details.cached_tokens", ReplyValue.CachedTokens),
        (parent + "usage.output_tokens_details.reasoning_tokens", ReplyValue.ReasoningTokens),
        (parent + "error", ReplyValue.Error),
        (parent + "error.message", ReplyValue.Error),
    ];

    private static (string, ReplyValue)[] AnthropicUsage(string parent) =>
    [
        (parent + "model", ReplyValue.Model),
        (parent + "usage.input_tokens", ReplyValue.UncachedTokens),
        (parent + "usage.cache_read_input_tokens", ReplyValue.CachedTokens),
        (parent + "usage.cache_creation_input_tokens", ReplyValue.CacheWrittenTokens),
    ];
}
