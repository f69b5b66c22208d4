using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using GpuPlatform.Tests.Doubles.Ollama;

namespace GpuPlatform.SystemTests.Clients;

/// <summary>Status, headers and every byte of a body are the same through the proxy as without it, in both directions.</summary>
[Collection(nameof(RunningSystem))]
public sealed class BodyTests(RunningSystem system)
{
    const int UploadBytes = 32 << 20;
    static readonly string[] Hop = ["Date", "Connection", "Keep-Alive"];
    static readonly string[] Models = ["plain", "thinker", "tools", "tools-late", "split", "wide", "cached", "nobody", "busy", "failing", "endless"];

    static IEnumerable<(string Path, string Body)> Questions =>
        from model in Models
        from tail in (string[])["", ""","stream":true""", ""","stream":true,"stream_options":{"include_usage":true}""", ""","stream":false"""]
        from question in ((string, string)[])
        [
            ("/api/generate", $$"""{"model":"{{model}}","prompt":"空はなぜ青い？ 🦊"{{tail}}}"""),
            ("/api/chat", $$"""{ "messages":[{"role":"user","content":"空はなぜ青い？ 🦊"}], "model" : "{{model}}"{{tail}}}"""),
            ("/v1/chat/completions", $$"""{"messages":[{"role":"user","content":"a \"model\": \"x\" in it"}],"model":"{{model}}"{{tail}}}"""),
            ("/v1/completions", $$"""{"model":"{{model}}","prompt":"why?"{{tail}}}"""),
            ("/v1/responses", $$"""{"model":"{{model}}","input":"why?"{{tail}}}"""),
            ("/v1/messages", $$"""{"model":"{{model}}","max_tokens":99,"messages":[{"role":"user","content":"why?"}]{{tail}}}"""),
            ("/v1/embeddings", $$"""{"model":"{{model}}","input":["a","ü"]}"""),
            ("/api/embed", $$"""{"model":"{{model}}","input":["a","ü"]}"""),
            ("/api/embeddings", $$"""{"model":"{{model}}","prompt":"ü"}"""),
        ]
        select question;

    [Fact]
    public async Task Every_answer_of_every_model_address_has_the_same_bytes()
    {
        var requests = Questions.Distinct().Select(question => Post(question.Path, Encoding.UTF8.GetBytes(question.Body))).ToList();

        await AssertSameAsync(requests);
    }

    [Fact]
    public async Task Every_other_address_answers_the_same()
    {
        await AssertSameAsync(
        [
            Get("/"), Get("/api/version"), Get("/api/tags"), Get("/api/ps"), Get("/v1/models"), Get("/v1/models/plain"), Get("/v1/models/a%2Fb%20c?x=%20y"), Get("/nowhere?q=1"),
            () => new(HttpMethod.Head, "/"), () => new(HttpMethod.Head, "/api/version"), () => new(HttpMethod.Head, "/api/tags"),
            () => With(new(HttpMethod.Options, "/api/chat"), "Origin", "http://localhost:3000"), () => With(new(HttpMethod.Get, "/api/tags"), "Origin", "http://localhost:3000"),
            Post("/api/show", """{"model":"plain"}"""u8.ToArray()), Post("/api/pull", """{"model":"new"}"""u8.ToArray()), Post("/api/pull", """{"model":"missing"}"""u8.ToArray()),
            Post("/api/push", """{"model":"new"}"""u8.ToArray()), Post("/api/create", """{"model":"mario","from":"new"}"""u8.ToArray()),
            Post("/api/copy", """{"source":"new","destination":"copy"}"""u8.ToArray()),
            () => new(HttpMethod.Delete, "/api/delete") { Content = new ByteArrayContent("""{"model":"copy"}"""u8.ToArray()) },
            () => new(HttpMethod.Put, "/api/chat"), Post("/api/chat", "not json"u8.ToArray()), Post("/api/chat", []), Post("/v1/chat/completions", "[1]"u8.ToArray()),
        ]);
    }

    [Fact]
    public async Task A_strange_page_is_refused_by_both()
    {
        foreach (var (header, value) in ((string, string)[])[("Origin", "http://evil.example"), ("Host", "evil.example")])
        {
            var direct = await AskAsync(system.Ollama.Address, [() => With(new(HttpMethod.Get, "/api/tags"), header, value)]);
            var proxied = await AskAsync(system.Proxy, [() => With(new(HttpMethod.Get, "/api/tags"), header, value)]);

            Assert.Equal(("403", "403"), (direct[0][..3], proxied[0][..3]));
            Assert.DoesNotContain(system.Ollama.Requests, request => request.Header(header) == value);
        }
    }

    [Fact]
    public async Task A_compressed_question_arrives_as_it_was_sent_and_is_answered()
    {
        var frame = RawZstd.Frame("""{"model":"plain","input":"why?","stream":true}"""u8);

        var answers = await AssertSameAsync([() =>
        {
            var request = Post("/v1/responses", frame)();
            request.Content!.Headers.ContentEncoding.Add("zstd");
            return request;
        }]);

        Assert.Contains("200", answers[0], StringComparison.Ordinal);
        Assert.Equal(frame, system.Ollama.Requests.Last(request => request.Target == "/v1/responses").Body);
    }

    [Fact]
    public async Task Large_uploads_arrive_whole_with_and_without_a_length()
    {
        var file = RandomNumberGenerator.GetBytes(UploadBytes);
        var address = $"/api/blobs/sha256:{Convert.ToHexStringLower(SHA256.HashData(file))}";
        var other = $"/api/blobs/sha256:{new string('0', 64)}";

        var answers = await AssertSameAsync(
        [
            () => new(HttpMethod.Head, address), Post(address, file), () => new(HttpMethod.Head, address),
            () => new(HttpMethod.Post, other) { Content = new StreamContent(new MemoryStream(file)), Headers = { TransferEncodingChunked = true } },
        ]);

        Assert.Equal(["404", "201", "200", "400"], answers.Select(answer => answer[..3]));
    }

    /// <summary>The answers in one line of text each, with the hash of the body.</summary>
    async Task<List<string>> AssertSameAsync(List<Func<HttpRequestMessage>> requests)
    {
        var direct = await AskAsync(system.Ollama.Address, requests);
        var proxied = await AskAsync(system.Proxy, requests);
        Assert.Equal(requests.Count, proxied.Count);
        Same.Assert(direct, proxied);
        return proxied;
    }

    async Task<List<string>> AskAsync(Uri address, List<Func<HttpRequestMessage>> requests)
    {
        system.Ollama.StandingClock = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        system.Ollama.Restart(ScriptedModels.All);
        using var client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None, UseProxy = false }) { BaseAddress = address };
        var answers = new List<string>();
        foreach (var ask in requests)
        {
            using var request = ask();
            using var reply = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            await using var body = await reply.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
            var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(body, TestContext.Current.CancellationToken));
            var asked = await (request.Content?.ReadAsStringAsync(TestContext.Current.CancellationToken) ?? Task.FromResult(""));
            answers.Add($"{(int)reply.StatusCode} {reply.ReasonPhrase} {Text(reply.Headers)}{Text(reply.Content.Headers)}{Text(reply.TrailingHeaders)}{hash} of {request.Method} {request.RequestUri!.PathAndQuery} {asked[..Math.Min(200, asked.Length)]}");
        }
        return answers;
    }

    static string Text(HttpHeaders headers) => string.Concat(headers.NonValidated.Where(header => !Hop.Contains(header.Key)).OrderBy(header => header.Key, StringComparer.Ordinal)
        .Select(header => $"{header.Key}: {header.Value}; "));

    static Func<HttpRequestMessage> Get(string path) => () => new(HttpMethod.Get, path);

    static Func<HttpRequestMessage> Post(string path, byte[] body) =>
        () => new(HttpMethod.Post, path) { Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } } };

    static HttpRequestMessage With(HttpRequestMessage request, string header, string value)
    {
        request.Headers.TryAddWithoutValidation(header, value);
        return request;
    }
}
