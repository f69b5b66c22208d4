using System.Text;
using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Guard.Gate;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Ollama.Proxy;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Collector.Ollama.Proxy;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Guard.Gate;

public sealed class HoldCommentTests : IAsyncLifetime
{
    private const string Chat = "/v1/chat/completions", Asked = """{"model":"m","stream":true,"messages":[]}""";
    private const string Token = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}\n\n";
    private const string Usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1,\"total_tokens\":4}}\n\n";
    private const string Done = "data: [DONE]\n\n";
    private const string Ping = ": ping\n\n";

    private readonly ManualTimeProvider _clock = new();
    private ProxyFixture? _fixture;

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _fixture?.DisposeAsync() ?? default;

    [Theory]
    [InlineData("")]
    [InlineData("Trailer: X-Sum\r\n")]
    public async Task A_stream_begins_with_comments_and_goes_on_with_the_servers_own(string header)
    {
        await using var upstream = TcpUpstream.Saying($"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{header}Transfer-Encoding: chunked\r\n\r\n{Chunk(Token)}{Chunk(Usage)}{Chunk(Done)}0\r\n\r\n");
        using var client = await HoldAsync(upstream.Address, Chat, Asked, "Accept-Encoding: gzip\r\n");
        _clock.Advance(GateKeeper.CommentInterval);
        var begun = await client.ReadUntilAsync(text => text.Contains(Ping, StringComparison.Ordinal));
        Assert.StartsWith("HTTP/1.1 200", begun, StringComparison.Ordinal);
        Assert.Contains("Content-Type: text/event-stream\r\n", begun, StringComparison.Ordinal);

        _fixture!.Gate.Set(ModelServer.Ollama, GateSetting.Open);
        var rest = await client.ReadUntilAsync(text => text.EndsWith("0\r\n\r\n", StringComparison.Ordinal));

        Assert.Contains(Token, rest, StringComparison.Ordinal);
        Assert.Contains(Done, rest, StringComparison.Ordinal);
        Assert.DoesNotContain("usage", rest, StringComparison.Ordinal);
        Assert.DoesNotContain("HTTP/1.1", rest, StringComparison.Ordinal);
        Assert.Null(UpstreamConnection.Header(upstream.Heads.Single(), "Accept-Encoding"));
        var (request, end) = await _fixture.OnlyEndAsync();
        Assert.Equal((LlmOutcome.Ok, 1L, Ping.Length + Token.Length + Done.Length), (end.Outcome, request.Reply!.Facts.CompletionTokens, request.ResponseBytes));
    }

    [Theory]
    [InlineData(Chat, "data: {\"error\":{\"type\":\"api_error\",\"message\":\"no such model\",\"param\":null,\"code\":null}}\n\n")]
    [InlineData("/v1/messages", "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"no such model\"}}\n\n")]
    [InlineData("/v1/responses", "event: error\ndata: {\"type\":\"error\",\"code\":null,\"message\":\"no such model\",\"param\":null,\"sequence_number\":0}\n\n")]
    public async Task An_error_of_the_server_is_told_in_an_event(string path, string expected)
    {
        const string error = """{"type":"error","error":{"message":"no such model"}}""";
        await using var upstream = TcpUpstream.Saying($"HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: {error.Length}\r\n\r\n{error}");
        using var client = await HoldAsync(upstream.Address, path, Asked);
        _clock.Advance(GateKeeper.CommentInterval);
        await client.ReadUntilAsync(text => text.Contains(Ping, StringComparison.Ordinal));

        _fixture!.Gate.Set(ModelServer.Ollama, GateSetting.Open);

        Assert.Contains(expected, await client.ReadUntilAsync(text => text.EndsWith("0\r\n\r\n", StringComparison.Ordinal)), StringComparison.Ordinal);
        var (request, end) = await _fixture.OnlyEndAsync();
        Assert.Equal((LlmOutcome.Failed, 404, "no such model"), (end.Outcome, request.StatusCode, end.Error));
    }

    [Fact]
    public async Task A_server_that_does_not_run_is_told_in_an_event()
    {
        using var client = await HoldAsync(new Uri("http://127.0.0.1:1"), Chat, Asked);
        _clock.Advance(GateKeeper.CommentInterval);
        await client.ReadUntilAsync(text => text.Contains(Ping, StringComparison.Ordinal));

        _fixture!.Gate.Set(ModelServer.Ollama, GateSetting.Open);

        Assert.Contains("data: {\"error\":{\"type\":\"api_error\",\"message\":\"ollama does not answer at http://127.0.0.1:1",
            await client.ReadUntilAsync(text => text.EndsWith("0\r\n\r\n", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reply_that_is_no_stream_cannot_follow_comments()
    {
        await using var upstream = TcpUpstream.Saying("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
        using var client = await HoldAsync(upstream.Address, Chat, Asked);
        _clock.Advance(GateKeeper.CommentInterval);
        await client.ReadUntilAsync(text => text.Contains(Ping, StringComparison.Ordinal));

        _fixture!.Gate.Set(ModelServer.Ollama, GateSetting.Open);

        Assert.Contains("the server answered with no stream", await client.ReadUntilAsync(text => text.EndsWith("0\r\n\r\n", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(LlmOutcome.Failed, (await _fixture.OnlyEndAsync()).End.Outcome);
    }

    [Fact]
    public async Task A_stream_that_breaks_after_its_comments_is_seen_to_be_broken()
    {
        await using var upstream = new TcpUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.ReadBodyAsync();
            await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n{Chunk(Token)}");
        });
        using var client = await HoldAsync(upstream.Address, Chat, Asked);
        _clock.Advance(GateKeeper.CommentInterval);
        await client.ReadUntilAsync(text => text.Contains(Ping, StringComparison.Ordinal));

        _fixture!.Gate.Set(ModelServer.Ollama, GateSetting.Open);

        var (rest, _) = await client.ReadToEndAsync();
        Assert.DoesNotContain("0\r\n\r\n", rest, StringComparison.Ordinal);
        Assert.Contains("broke off", (await _fixture.OnlyEndAsync()).End.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deadline_after_comments_is_told_in_an_event()
    {
        await using var upstream = TcpUpstream.Saying("");
        using var client = await HoldAsync(upstream.Address, Chat, Asked);
        _clock.Advance(GateKeeper.CommentInterval);
        await client.ReadUntilAsync(text => text.Contains(Ping, StringComparison.Ordinal));

        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Contains("Guard:HoldDeadline", await client.ReadUntilAsync(text => text.EndsWith("0\r\n\r\n", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(LlmOutcome.Refused, (await _fixture!.OnlyEndAsync()).End.Outcome);
    }

    [Theory]
    [InlineData(Chat, """{"model":"m","messages":[]}""")]
    [InlineData("/api/chat", """{"model":"m","stream":true,"messages":[{"role":"user","content":"x"}]}""")]
    public async Task Whoever_did_not_ask_for_events_gets_none(string path, string body)
    {
        const string reply = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
        await using var upstream = TcpUpstream.Saying(reply);
        using var client = await HoldAsync(upstream.Address, path, body, timers: 1);
        _clock.Advance(TimeSpan.FromSeconds(30));

        _fixture!.Gate.Set(ModelServer.Ollama, GateSetting.Open);

        Assert.DoesNotContain(Ping, await client.ReadUntilAsync(text => text.EndsWith("{}", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    private async Task<RawClient> HoldAsync(Uri upstream, string path, string body, string headers = "", int timers = 2)
    {
        _fixture = await ProxyFixture.StartAsync(upstream, gate: new GateOptions { HoldComments = true, HoldDeadline = TimeSpan.FromMinutes(1) }, time: _clock);
        _fixture.Gate.Set(ModelServer.Ollama, new GateSetting(0, WaitingPolicy.Hold, "a game runs"));
        var client = await _fixture.ConnectAsync();
        await client.SendAsync($"POST {path} HTTP/1.1\r\nHost: localhost\r\n{headers}Content-Length: {Encoding.Latin1.GetByteCount(body)}\r\n\r\n{body}");
        // Its deadline, and its comments
        await Until.True(() => _clock.PendingTimerCount == timers);
        return client;
    }

    private static string Chunk(string text) => $"{text.Length:x}\r\n{text}\r\n";
}
