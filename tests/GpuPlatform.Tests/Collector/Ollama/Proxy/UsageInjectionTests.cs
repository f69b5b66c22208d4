using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Collector.Ollama.Proxy;

public sealed class UsageInjectionTests
{
    private const string Asked = """{"model":"m","stream":true}""";
    private const string Changed = """{"stream_options":{"include_usage":true},"model":"m","stream":true}""";
    private const string Token = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}\n\n";
    private const string Usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1,\"total_tokens\":4}}\n\n";
    private const string Done = "data: [DONE]\n\n";
    private const string EndOfChunks = "0\r\n\r\n";

    [Fact]
    public async Task Tokens_are_asked_for_and_the_client_sees_nothing_of_it()
    {
        await using var upstream = TcpUpstream.Saying(Streamed(Token, Usage, Done));
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);

        var text = await AskAsync(fixture, Asked);

        Assert.Equal(Changed, upstream.Bodies.Single());
        Assert.DoesNotContain("usage", text, StringComparison.Ordinal);
        Assert.Contains(Token, text, StringComparison.Ordinal);
        var (request, end) = await fixture.OnlyEndAsync();
        Assert.Equal((LlmOutcome.Ok, true, 3L, 1L), (end.Outcome, request.Facts.UsageInjected, request.Reply!.Facts.PromptTokens, request.Reply.Facts.CompletionTokens));
        Assert.Equal((Asked.Length, Token.Length + Done.Length), (request.RequestBytes, request.ResponseBytes));
    }

    [Fact]
    public async Task A_client_that_asks_itself_gets_what_it_asked_for()
    {
        const string asked = """{"stream":true,"stream_options":{"include_usage":true}}""";
        await using var upstream = TcpUpstream.Saying(Streamed(Token, Usage, Done));
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);

        Assert.Contains(Usage, await AskAsync(fixture, asked), StringComparison.Ordinal);
        Assert.Equal(asked, upstream.Bodies.Single());
    }

    [Fact]
    public async Task Switched_off_nothing_is_put_in()
    {
        await using var upstream = TcpUpstream.Saying(Streamed(Token, Done));
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address, options => options.InjectUsage = false);

        await AskAsync(fixture, Asked);

        Assert.Equal(Asked, upstream.Bodies.Single());
    }

    [Fact]
    public async Task A_chunked_request_stays_chunked()
    {
        await using var upstream = TcpUpstream.Saying(Streamed(Token, Usage, Done));
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        using var client = await fixture.ConnectAsync();

        await client.SendAsync($"POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n{Asked.Length:x}\r\n{Asked}\r\n0\r\n\r\n");
        await client.ReadUntilAsync(text => text.Contains(Done, StringComparison.Ordinal));

        Assert.Equal("chunked", UpstreamConnection.Header(upstream.Heads.Single(), "Transfer-Encoding"));
        Assert.Contains("include_usage", upstream.Bodies.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_know_the_option_gets_the_clients_own_request_from_then_on()
    {
        await using var upstream = new TcpUpstream(async connection =>
        {
            while (await connection.ReadHeadAsync() is not null)
            {
                var body = await connection.ReadBodyAsync();
                await connection.SendAsync(body.Contains("stream_options", StringComparison.Ordinal)
                    ? Said("HTTP/1.1 400 Bad Request", "{\"error\":\"unknown field stream_options\"}")
                    : Streamed(Token, Done));
            }
        });
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);

        Assert.Contains(Token, await AskAsync(fixture, Asked), StringComparison.Ordinal);
        Assert.Contains(Token, await AskAsync(fixture, Asked), StringComparison.Ordinal);

        Assert.Equal([Changed, Asked, Asked], upstream.Bodies.OrderByDescending(body => body.Length));
        Assert.All(fixture.Ends, end => Assert.Equal((LlmOutcome.Ok, false), (end.End.Outcome, end.Request.Facts.UsageInjected)));
    }

    [Fact]
    public async Task That_a_server_does_not_know_the_option_is_learned_before_the_reply_is_over()
    {
        await using var upstream = new TcpUpstream(async connection =>
        {
            while (await connection.ReadHeadAsync() is not null)
            {
                var body = await connection.ReadBodyAsync();
                await connection.SendAsync(body.Contains("stream_options", StringComparison.Ordinal)
                    ? Said("HTTP/1.1 400 Bad Request", "{\"error\":\"unknown field stream_options\"}")
                    : Streamed(Token)[..^EndOfChunks.Length]);
            }
        });
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        using var first = await fixture.ConnectAsync();
        await first.SendAsync(Post(Asked));
        await first.ReadUntilAsync(text => text.Contains(Token, StringComparison.Ordinal));

        using var second = await fixture.ConnectAsync();
        await second.SendAsync(Post(Asked));
        await second.ReadUntilAsync(text => text.Contains(Token, StringComparison.Ordinal));

        Assert.Equal([Changed, Asked, Asked], upstream.Bodies.OrderByDescending(body => body.Length));
    }

    [Fact]
    public async Task Any_other_refusal_passes_and_nothing_is_sent_twice()
    {
        const string said = "{\"error\":{\"message\":\"no such model\"}}";
        await using var upstream = TcpUpstream.Saying(Said("HTTP/1.1 400 Bad Request", said));
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        using var client = await fixture.ConnectAsync();

        await client.SendAsync($"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: {Asked.Length}\r\n\r\n{Asked}");
        var text = await client.ReadUntilAsync(text => text.EndsWith(said, StringComparison.Ordinal));

        Assert.StartsWith("HTTP/1.1 400", text, StringComparison.Ordinal);
        Assert.Single(upstream.Bodies);
        Assert.Equal(LlmOutcome.Failed, (await fixture.OnlyEndAsync()).End.Outcome);
    }

    [Fact]
    public async Task A_body_too_long_to_be_looked_at_passes_as_it_is()
    {
        var asked = $$"""{"model":"m","x":"{{new string('A', 5 << 20)}}","stream":true}""";
        await using var upstream = TcpUpstream.Saying(Streamed(Token, Done));
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);

        await AskAsync(fixture, asked);

        Assert.Equal(asked, upstream.Bodies.Single());
        var (request, _) = await fixture.OnlyEndAsync();
        Assert.Equal(("m", null, false, asked.Length), (request.Facts.Model, request.Facts.Stream, request.Facts.UsageInjected, request.RequestBytes));
    }

    private static async Task<string> AskAsync(ProxyFixture fixture, string body)
    {
        using var client = await fixture.ConnectAsync();
        await client.SendAsync(Post(body));
        return await client.ReadUntilAsync(text => text.Contains(Done, StringComparison.Ordinal));
    }

    private static string Post(string body) =>
        $"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    private static string Said(string status, string body) => $"{status}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    private static string Streamed(params string[] events) =>
        $"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n{string.Concat(events.Select(one => $"{one.Length:x}\r\n{one}\r\n"))}{EndOfChunks}";
}
