namespace GpuPlatform.Tests.Collector.Ollama.Tap;

/// <summary>Replies of the endpoints that OpenAI made, by the servers that have them.</summary>
internal static class OpenAIExamples
{
    private const string Chunk = """{"id":"chatcmpl-7","object":"chat.completion.chunk","model":"llama3.2","created":1755000000""";
    private const string Usage = """{"prompt_tokens":26,"completion_tokens":3,"total_tokens":29,"prompt_tokens_details":{"cached_tokens":20},"completion_tokens_details":{"reasoning_tokens":1}}""";
    private const string Zero = """{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}""";

    private static readonly Told Ended = new() { Visible = true, Model = "llama3.2", Finish = "stop", Complete = true };
    private static readonly Told Counted = Ended with { Prompt = 26, Completion = 3, Cached = 20, Reasoning = 1 };

    public static IReadOnlyList<ReplyExample> All { get; } =
    [
        new("chat completion", "/v1/chat/completions", true,
            Events(Choice("""{"role":"assistant","content":""}"""), Choice("""{"content":"Grüß"}"""), Choice("""{"content":" \"[DONE]\" 😀"}"""), Choice("{}", "\"stop\""),
                Chunk + $$""","choices":[],"usage":{{Usage}}}""", "[DONE]"),
            Counted with { Pieces = 2 }),
        new("chat completion that thinks", "/v1/chat/completions", true,
            Events(Choice("""{"role":"assistant","content":"","reasoning":"Hm"}"""), Choice("""{"content":null,"reasoning_content":"so"}"""), Choice("{}", "\"length\""), "[DONE]"),
            Ended with { Pieces = 2, Visible = false, Finish = "length" }),
        new("chat completion with tools and a refusal", "/v1/chat/completions", true,
            Events(Choice("""{"tool_calls":[{"index":0,"function":{"name":"f","arguments":""}}]}"""), Choice("""{"function_call":{"arguments":"{}"}}"""), Choice("""{"refusal":"no"}"""),
                Choice("""{"tool_calls":[]}"""), Choice("{}", "\"tool_calls\""), "[DONE]"),
            Ended with { Pieces = 3, Finish = "tool_calls" }),
        new("usage in every chunk", "/v1/chat/completions", true,
            Events(Chunk + $$""","choices":[{"index":0,"delta":{"content":"a"} },{"index":1,"delta":{"content":"b"} }],"usage":{{Zero}}}""",
                Chunk + ""","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}""", Chunk + $$""","choices":[],"usage":{{Usage}}}""", "[DONE]"),
            Counted with { Pieces = 1 }),
        new("swallowed error", "/v1/chat/completions", true, Events(Choice("""{"content":"a"}"""), Choice("""{"content":""}""")),
            new() { Pieces = 1, Visible = true, Model = "llama3.2" }),
        new("llama.cpp", "/v1/chat/completions", true,
            ": ping\r\n\r\n" + Events(Chunk + ""","choices":[],"prompt_progress":{"total":50,"cache":10,"processed":20,"time_ms":5}}""", Choice("""{"content":"a"}"""),
                Chunk + ""","choices":[{"finish_reason":"stop","index":0,"delta":{}}],"timings":{"cache_n":10,"prompt_n":40,"prompt_ms":30.958,"predicted_n":35,"predicted_ms":661.064}}""",
                "[DONE]"),
            Ended with { Pieces = 1, Prompt = 50, Cached = 10, Completion = 35, PrefillMs = 30.958, DecodeMs = 661.064 }),
        new("vLLM that fails within", "/v1/chat/completions", true,
            Events(Choice("""{"content":"a"}"""), """{"error":{"message":"engine died","type":"InternalServerError","param":null,"code":500}}""", "[DONE]"),
            new() { Pieces = 1, Visible = true, Model = "llama3.2", Error = "engine died" }),
        new("framing in full", "/v1/chat/completions", true,
            "\uFEFFevent: chunk\rid: 1\rretry: 5\rdatax: {\rdata\rdata:" + Chunk + ",\rdata: \"choices\":[{\"delta\":{\"content\":\"a\"},\rdata:\"finish_reason\":\"stop\"}]}\r\r\r\r:data: x\r\rdata:[DONE]\r",
            Ended with { Pieces = 1 }),
        new("broken events", "/v1/chat/completions", true,
            Events("{\"a\":\"", "{\"a\" 1}", "12", "[DOWN]", "[DONE]]", "{\"choices\":[}", "{}}", Choice("""{"content":"a"}""", "\"stop\""), "[DONE]"), Ended with { Pieces = 1, Unparsed = true }),
        new("chat completion in one piece", "/v1/chat/completions", false,
            $$"""{"id":"chatcmpl-1","model":"llama3.2","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],"usage":{{Usage}},"metrics":{"generation_time_ms":12.5} }""" + "\n",
            Counted with { Visible = false, DecodeMs = 12.5 }),
        new("error of Ollama", "/v1/chat/completions", false, """{"error":{"message":"model \"x\" not found","type":"not_found_error","param":null,"code":null}}""",
            new() { Error = "model \"x\" not found" }),
        new("error of FastAPI", "/v1/completions", false, """{"detail":[{"loc":["body"],"msg":"field required"}]}""", new() { Error = "field required" }),
        new("error without words", "/v1/completions", false, """{"error":{"code":500}}""", new() { Error = "the server told of an error without a word" }),
        new("completion", "/v1/completions", true,
            Events(Text("a", $$""","usage":{{Zero}}"""), Text("", ""), Text("b", $$""","usage":{{Zero}}"""), Chunk + $$""","choices":[],"usage":{{Usage}}}""", "[DONE]"),
            Counted with { Pieces = 2, Finish = null }),
        new("embeddings", "/v1/embeddings", false, """{"object":"list","data":[{"embedding":[0.1,0.2],"index":0}],"model":"llama3.2","usage":{"prompt_tokens":8,"total_tokens":8}}""",
            new() { Model = "llama3.2", Prompt = 8, Complete = true }),
        .. Responses,
    ];

    private static IEnumerable<ReplyExample> Responses =>
    [
        new("response", "/v1/responses", true,
            Named(("response.created", """ "response":{"model":"llama3.2","status":"in_progress","usage":null,"error":null,"output":[]}"""),
                ("response.output_item.added", """ "item":{"type":"reasoning"}"""), ("response.reasoning_summary_text.delta", """ "delta":"Hm" """),
                ("response.reasoning_text.delta", """ "delta":"so" """), ("response.output_text.delta", """ "delta":"Grüß" """), ("response.output_text.delta", """ "delta":"" """),
                ("response.function_call_arguments.delta", """ "delta":"{}" """), ("response.output_text.done", """ "text":"Grüß" """),
                ("response.completed", """ "response":{"model":"llama3.2","status":"completed","output":[{"content":[{"text":"Grüß"}]}],"usage":{"input_tokens":26,"output_tokens":3,"total_tokens":29,"input_tokens_details":{"cached_tokens":0},"output_tokens_details":{"reasoning_tokens":1}}}""")),
            Ended with { Pieces = 4, Prompt = 26, Completion = 3, Reasoning = 1, Finish = "completed" }),
        new("response that was too long", "/v1/responses", true,
            Named(("response.incomplete", """ "response":{"model":"llama3.2","status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"usage":{"input_tokens":26,"output_tokens":3,"input_tokens_details":{"cached_tokens":20}}}""")),
            Ended with { Visible = false, Prompt = 26, Completion = 3, Cached = 20, Finish = "max_output_tokens" }),
        new("response that failed", "/v1/responses", true, Named(("response.failed", """ "response":{"status":"failed","error":{"code":"server_error","message":"out of memory"}}""")),
            new() { Finish = "failed", Error = "out of memory" }),
        new("response with an error", "/v1/responses", true, Named(("error", """ "code":"x","message":"went wrong" """)), new() { Error = "went wrong" }),
        new("response without its end", "/v1/responses", true, Named(("response.output_text.delta", """ "delta":"a" """)) + "data: [DONE]\n\n", new() { Pieces = 1, Visible = true }),
        new("response in one piece", "/v1/responses", false, """{"model":"llama3.2","status":"completed","error":null,"output":[],"usage":{"input_tokens":26,"output_tokens":3}}""",
            Ended with { Visible = false, Prompt = 26, Completion = 3, Finish = "completed" }),
    ];

    private static string Choice(string delta, string finish = "null") => Chunk + $$""","choices":[{"index":0,"delta":{{delta}},"finish_reason":{{finish}} }]}""";

    private static string Text(string text, string usage) => Chunk + $$""","choices":[{"text":"{{text}}","index":0,"finish_reason":null}]{{usage}}}""";

    private static string Events(params string[] data) => string.Concat(data.Select(one => $"data: {one}\n\n"));

    private static string Named(params (string Name, string Members)[] events) =>
        string.Concat(events.Select((one, index) => $$"""event: {{one.Name}}{{"\n"}}data: {"type":"{{one.Name}}","sequence_number":{{index}},{{one.Members}}}{{"\n\n"}}"""));
}
