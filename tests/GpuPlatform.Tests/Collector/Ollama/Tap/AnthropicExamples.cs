namespace GpuPlatform.Tests.Collector.Ollama.Tap;

/// <summary>Replies of the endpoint that Anthropic made.</summary>
internal static class AnthropicExamples
{
    private static readonly Told Ended = new() { Visible = true, Model = "qwen3", Finish = "end_turn", Complete = true };

    public static IReadOnlyList<ReplyExample> All { get; } =
    [
        new("message", "/v1/messages", true,
            Events(("message_start", """ "message":{"id":"msg_1","role":"assistant","model":"qwen3","content":[],"stop_reason":null,"usage":{"input_tokens":31,"output_tokens":1}}"""),
                ("content_block_start", """ "index":0,"content_block":{"type":"thinking","thinking":"","signature":""}"""), ("ping", "\"x\":0"),
                ("content_block_delta", """ "index":0,"delta":{"type":"thinking_delta","thinking":"Hm"}"""),
                ("content_block_delta", """ "index":0,"delta":{"type":"signature_delta","signature":"abc"}"""), ("content_block_stop", "\"index\":0"),
                ("content_block_delta", """ "index":1,"delta":{"type":"text_delta","text":"Grüß"}"""),
                ("content_block_start", """ "index":2,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}"""),
                ("content_block_delta", """ "index":2,"delta":{"type":"input_json_delta","partial_json":""}"""),
                ("content_block_delta", """ "index":2,"delta":{"type":"input_json_delta","partial_json":"{\"a\":1}"}"""),
                ("message_delta", """ "delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"input_tokens":26,"output_tokens":3}"""), ("message_stop", "\"x\":0")),
            Ended with { Pieces = 4, Prompt = 26, Completion = 3 }),
        new("message with a cache", "/v1/messages", true,
            Events(("message_start", """ "message":{"model":"qwen3","usage":{"input_tokens":6,"cache_read_input_tokens":20,"cache_creation_input_tokens":4,"output_tokens":1}}"""),
                ("content_block_delta", """ "delta":{"type":"text_delta","text":"a"}"""), ("message_delta", """ "delta":{"stop_reason":"max_tokens"},"usage":{"output_tokens":3}"""), ("message_stop", "\"x\":0")),
            Ended with { Pieces = 1, Prompt = 30, Cached = 20, Completion = 3, Finish = "max_tokens" }),
        new("message without its end", "/v1/messages", true,
            Events(("content_block_delta", """ "delta":{"type":"text_delta","text":"a"}"""), ("message_delta", """ "delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":3}""")),
            new() { Pieces = 1, Visible = true, Finish = "end_turn", Completion = 3 }),
        new("message with an error", "/v1/messages", true, Events(("error", """ "error":{"type":"overloaded_error","message":"Overloaded"}""")), new() { Error = "Overloaded" }),
        new("message in one piece", "/v1/messages", false,
            """{"id":"msg_1","type":"message","model":"qwen3","content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn","usage":{"input_tokens":26,"output_tokens":3}}""",
            Ended with { Visible = false, Prompt = 26, Completion = 3 }),
        new("message refused", "/v1/messages", false, """{"type":"error","error":{"type":"not_found_error","message":"model not found"}}""", new() { Error = "model not found" }),
    ];

    private static string Events(params (string Name, string Members)[] events) =>
        string.Concat(events.Select(one => $$"""event: {{one.Name}}{{"\r\n"}}data: {"type":"{{one.Name}}",{{one.Members}}}{{"\r\n\r\n"}}"""));
}
