using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;

namespace GpuPlatform.Tests.Doubles.Ollama;

/// <summary>The double must be right before anything is measured against it: its bytes are compared with what Ollama's source writes.</summary>
public sealed class OllamaDoubleTests : IAsyncLifetime
{
    private const string Model = "llama3.2:3b";
    private static readonly ReplyScript Short = new() { Pieces = ["Hi", " <ü> 🦊"], PromptTokens = 7 };
    private readonly HttpClient _client = new();
    private OllamaDouble _double = null!;

    public async ValueTask InitializeAsync()
    {
        _double = await OllamaDouble.StartAsync();
        _double.StandingClock = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        _double.Models.Put(new OllamaModel(Model) { Reply = Short });
        _client.BaseAddress = _double.Address;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _double.DisposeAsync();
    }

    [Fact]
    public async Task Chat_is_a_json_object_a_line_with_the_numbers_in_the_last()
    {
        using var reply = await PostAsync("/api/chat", """{"model":"llama3.2:3b","messages":[{"role":"user","content":"hello"}]}""");

        Assert.Equal("application/x-ndjson", reply.Content.Headers.ContentType!.ToString());
        Assert.True(reply.Headers.TransferEncodingChunked);
        Assert.Equal(
            """
            {"model":"llama3.2:3b","created_at":"2026-01-02T03:04:05.0012345Z","message":{"role":"assistant","content":"Hi"},"done":false}
            {"model":"llama3.2:3b","created_at":"2026-01-02T03:04:05.0012345Z","message":{"role":"assistant","content":" \u003cü\u003e 🦊"},"done":false}
            {"model":"llama3.2:3b","created_at":"2026-01-02T03:04:05.0012345Z","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","total_duration":7234500,"load_duration":1234500,"prompt_eval_count":7,"prompt_eval_duration":4000000,"eval_count":2,"eval_duration":2000000}

            """, await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task OpenAI_chat_tells_its_usage_in_a_chunk_of_its_own_only_when_asked()
    {
        const string question = """{"model":"llama3.2:3b","stream":true,"messages":[{"role":"user","content":"hello"}]""";

        var silent = await TextAsync("/v1/chat/completions", question + "}");
        var telling = await TextAsync("/v1/chat/completions", question + ""","stream_options":{"include_usage":true}}""");

        Assert.DoesNotContain("usage", silent, StringComparison.Ordinal);
        Assert.EndsWith("""
            data: {"id":"chatcmpl-2","object":"chat.completion.chunk","created":1767323045,"model":"llama3.2:3b","system_fingerprint":"fp_ollama","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

            data: {"id":"chatcmpl-2","object":"chat.completion.chunk","created":1767323045,"model":"llama3.2:3b","system_fingerprint":"fp_ollama","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}}

            data: [DONE]


            """, telling, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_of_responses_are_numbered_without_a_gap_and_messages_end_with_message_stop()
    {
        var responses = await TextAsync("/v1/responses", """{"model":"llama3.2:3b","stream":true,"input":"hello"}""");
        var messages = await TextAsync("/v1/messages", """{"model":"llama3.2:3b","max_tokens":9,"stream":true,"messages":[{"role":"user","content":"hello"}]}""");

        var events = responses.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.All(events.Index(), item => Assert.Contains($"\"sequence_number\":{item.Index}", item.Item, StringComparison.Ordinal));
        Assert.StartsWith("event: response.completed\n", events[^1], StringComparison.Ordinal);
        Assert.EndsWith("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n", messages, StringComparison.Ordinal);
        Assert.Contains("""usage":{"input_tokens":7,"output_tokens":2}""", messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_of_a_reply_comes_before_its_first_token()
    {
        _double.Models.Put(new OllamaModel("slow") { Reply = Short with { Prefill = TimeSpan.FromMilliseconds(300) } });
        var before = TimeProvider.System.GetTimestamp();

        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/generate") { Content = JsonContent.Create(new { model = "slow", prompt = "x" }) };
        using var reply = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

        Assert.True(TimeProvider.System.GetElapsedTime(before) >= TimeSpan.FromMilliseconds(300));
    }

    [Theory]
    [InlineData(nameof(StreamBreak.Reset))]
    [InlineData(nameof(StreamBreak.Fin))]
    public async Task A_broken_stream_is_broken_for_its_client(string kind)
    {
        _double.Models.Put(new OllamaModel("broken") { Reply = Short with { Break = Enum.Parse<StreamBreak>(kind), BreakAfter = 1 } });

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => TextAsync("/api/generate", """{"model":"broken","prompt":"x"}"""));
    }

    [Fact]
    public async Task Errors_have_the_shape_of_the_api_that_was_asked()
    {
        _double.Models.Put(new OllamaModel("busy") { Reply = Short with { Refusal = Refusal.Busy } });

        Assert.Equal("""{"error":"model 'x' not found"}""", await TextAsync("/api/chat", """{"model":"x"}"""));
        Assert.Equal("""{"error":{"message":"model 'x' not found","type":"not_found_error","param":null,"code":null}}""", (await TextAsync("/v1/chat/completions", """{"model":"x"}""")).TrimEnd());
        Assert.Contains("overloaded_error", await TextAsync("/v1/messages", """{"model":"busy","messages":[]}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_goes_is_noticed()
    {
        _double.Models.Put(new OllamaModel("endless") { Reply = Short with { Break = StreamBreak.Silence } });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/generate") { Content = JsonContent.Create(new { model = "endless", prompt = "x" }) };

        (await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken)).Dispose();

        await Until.True(() => _double.Requests[0].AbortedTimestamp is not null);
    }

    [Fact]
    public async Task Keep_alive_sticks_and_an_unload_waits_for_nobody()
    {
        await TextAsync("/api/generate", """{"model":"llama3.2:3b","prompt":"x","keep_alive":-1}""");
        await TextAsync("/api/generate", """{"model":"llama3.2:3b","prompt":"x"}""");
        Assert.Contains("\"expires_at\":\"2318-", await _client.GetStringAsync("/api/ps", TestContext.Current.CancellationToken), StringComparison.Ordinal);

        var unloaded = await TextAsync("/api/generate", """{"model":"llama3.2:3b","keep_alive":0}""");

        Assert.Contains("\"done_reason\":\"unload\"", unloaded, StringComparison.Ordinal);
        Assert.Equal("""{"models":[]}""", await _client.GetStringAsync("/api/ps", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_strange_host_or_origin_gets_403_and_not_a_byte()
    {
        foreach (var (header, value) in ((string, string)[])[("Host", "evil.example"), ("Origin", "http://evil.example")])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/tags");
            request.Headers.TryAddWithoutValidation(header, value);
            using var reply = await _client.SendAsync(request, TestContext.Current.CancellationToken);

            Assert.Equal(HttpStatusCode.Forbidden, reply.StatusCode);
            Assert.Empty(await reply.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task An_upload_is_checked_by_its_digest()
    {
        var file = RandomNumberGenerator.GetBytes(20 << 20);
        var address = $"/api/blobs/sha256:{Convert.ToHexStringLower(SHA256.HashData(file))}";

        Assert.Equal(HttpStatusCode.NotFound, await HeadAsync(address));
        using var upload = await _client.PostAsync(address, new ByteArrayContent(file), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Created, upload.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await HeadAsync(address));
    }

    [Fact]
    public void A_frame_of_raw_blocks_can_be_taken_apart()
    {
        var content = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("ü🦊", 40_000)));

        Assert.Equal(content, RawZstd.Unframe(RawZstd.Frame(content)));
    }

    private async Task<HttpStatusCode> HeadAsync(string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, address);
        using var reply = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        return reply.StatusCode;
    }

    private Task<HttpResponseMessage> PostAsync(string path, string json) =>
        _client.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

    private async Task<string> TextAsync(string path, string json)
    {
        using var reply = await PostAsync(path, json);
        return await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
