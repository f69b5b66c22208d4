namespace GpuPlatform.Tests.Collector.Ollama.Tap;

/// <summary>Replies of Ollama's own endpoints.</summary>
internal static class OllamaExamples
{
    private const string Chunk = """{"model":"gemma3:4b","created_at":"2026-08-21T10:00:00.123456789Z",""";
    private const string Numbers = """ "done_reason":"stop","total_duration":5000000000,"load_duration":120000000,"prompt_eval_count":26,"prompt_eval_duration":130000000,"eval_count":3,"eval_duration":60000000""";

    private static readonly Told Whole = new()
    {
        Visible = true, Prompt = 26, Completion = 3, TotalMs = 5000, LoadMs = 120, PrefillMs = 130, DecodeMs = 60, Finish = "stop", Model = "gemma3:4b", Complete = true,
    };

    public static IReadOnlyList<ReplyExample> All { get; } =
    [
        new("generate", "/api/generate", true,
            Lines(Chunk + """ "response":"Grüß","done":false}""", Chunk + """ "response":" \"Gott\" {[😀","done":false}""",
                Chunk + $$""" "response":"","done":true,"context":[105,2364,{{string.Join(',', Enumerable.Range(0, 50))}}],{{Numbers}}}"""),
            Whole with { Pieces = 2 }),
        new("generate that thinks", "/api/generate", true,
            Lines(Chunk + """ "response":"","thinking":"Hm","done":false}""", Chunk + """ "response":"","thinking":"","done":false}""", Chunk + $$""" "response":"","done":true,{{Numbers}}}"""),
            Whole with { Pieces = 1, Visible = false }),
        new("chat that thinks and calls a tool", "/api/chat", true,
            Lines(Chunk + """ "message":{"role":"assistant","content":"","thinking":"Let me"},"done":false}""",
                Chunk + """ "message":{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":{"a":["}"]}}}]},"done":false}""",
                Chunk + """ "message":{"role":"assistant","content":"","tool_calls":[]},"done":false}""",
                Chunk + $$""" "message":{"role":"assistant","content":""},"done":true,"prompt_eval_cached_count":20,{{Numbers}}}"""),
            Whole with { Pieces = 2, Cached = 20 }),
        new("chat without its last line end", "/api/chat", true,
            Chunk + $$""" "message" : { "role":"assistant","content":"Hi"}, "done":false } """ + "\r\n\n" + Chunk + $$""" "message":{"role":"assistant","content":""},"done":true,{{Numbers}}}""",
            Whole with { Pieces = 1 }),
        new("chat in one piece", "/api/chat", false, Chunk + $$""" "message":{"role":"assistant","content":"Hi"},"done":true,{{Numbers}}}""",
            Whole with { Visible = false }),
        new("chat of a cloud model", "/api/chat", true,
            Lines("""{"model":"gpt-oss:120b-cloud","remote_model":"gpt-oss:120b","remote_host":"https://ollama.com:443","message":{"content":"Hi"},"done":false}""",
                """{"model":"gpt-oss:120b-cloud","message":{"content":""},"done":true,"done_reason":"length","eval_count":1}"""),
            new() { Pieces = 1, Visible = true, Model = "gpt-oss:120b-cloud", Remote = true, Completion = 1, Finish = "length", Complete = true }),
        new("load", "/api/generate", true, Lines(Chunk + """ "response":"","done":true,"done_reason":"load"}"""),
            new() { Model = "gemma3:4b", Finish = "load", Complete = true }),
        new("unload", "/api/chat", false, Chunk + """ "message":{"role":"assistant","content":""},"done":true,"done_reason":"unload"}""",
            new() { Model = "gemma3:4b", Finish = "unload", Complete = true }),
        new("error within", "/api/chat", true, Lines(Chunk + """ "message":{"content":"Hi"},"done":false}""", """{"error":"llama runner \"terminated\"\u0021"}"""),
            new() { Pieces = 1, Visible = true, Model = "gemma3:4b", Error = "llama runner \"terminated\"!" }),
        new("error first", "/api/chat", false, """{"error":"model 'x' not found"}""", new() { Error = "model 'x' not found" }),
        new("end without mark", "/api/generate", true, Lines(Chunk + """ "response":"Hi","done":false}"""), new() { Pieces = 1, Visible = true, Model = "gemma3:4b" }),
        new("end within a line", "/api/generate", true, Lines(Chunk + """ "response":"Hi","done":false}""") + Chunk + """ "response":"x","done":tr""",
            new() { Pieces = 1, Visible = true, Model = "gemma3:4b" }),
        new("broken line", "/api/generate", true,
            Lines(Chunk + """ "response":"Hi","done":false}""", Chunk + """ "response":"Hi""", "", "garbage", Chunk + $$""" "response":"","done":true,{{Numbers}}}"""),
            Whole with { Pieces = 1, Unparsed = true }),
        new("embed", "/api/embed", false,
            """{"model":"all-minilm","embeddings":[[0.010071029,-0.0017594862,1e-5],[0.05007221,0.04692972]],"total_duration":14143917,"load_duration":1019500,"prompt_eval_count":8}""",
            new() { Model = "all-minilm", Prompt = 8, TotalMs = 14.1439, LoadMs = 1.0195, Complete = true }),
        new("legacy embeddings", "/api/embeddings", false, """{"embedding":[0.5670403838157654,0.009260174818336964]}""", new() { Complete = true }),
        new("embed cut short", "/api/embed", false, """{"model":"all-minilm","embeddings":[[0.010071029,-0.0017594862""", new()),
        new("not JSON", "/api/chat", false, "404 page not found", new() { Unparsed = true }),
        new("two documents for one", "/api/embed", false, """{"prompt_eval_count":8}{}""", new() { Prompt = 8, Unparsed = true }),
    ];

    private static string Lines(params string[] lines) => string.Concat(lines.Select(line => line + "\n"));
}
