using System.Diagnostics;
using System.Text;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Ollama.Proxy;

public sealed class BrokenExchangeTests
{
    private const string Chat = "POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}";
    private const string StreamHead = "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n";

    [Theory]
    [InlineData("POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("POST /v1/embeddings HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("GET /api/pull HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("POST /api/blobs/sha256:0 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\nbegun")]
    public async Task A_client_that_goes_away_takes_its_request_along_before_there_is_an_answer(string request)
    {
        await using var upstream = new TcpUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WaitForEndAsync();
        });
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        using (var client = await fixture.ConnectAsync())
        {
            await client.SendAsync(request);
            await Until.True(() => upstream.Heads.Count == 1);
        }
        await Until.True(() => upstream.Connections.Single().IsGone);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_goes_away_ends_its_stream(bool resets)
    {
        await using var upstream = new TcpUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.ReadBodyAsync();
            await connection.SendAsync(StreamHead + "3\r\n{}\n\r\n");
            await connection.WaitForEndAsync();
        });
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        using var client = await fixture.ConnectAsync();
        await client.SendAsync(Chat);
        await client.ReadUntilAsync(text => text.Contains("{}\n", StringComparison.Ordinal));

        if (resets) client.Reset();
        else client.Dispose();

        await Until.True(() => upstream.Connections.Single().IsGone);
        var (_, end) = await fixture.OnlyEndAsync();
        Assert.Equal((LlmOutcome.Aborted, "the client went away"), (end.Outcome, end.Error));
    }

    [Theory]
    [InlineData(StreamHead + "3\r\n{}\n\r\n", false)]
    [InlineData(StreamHead + "3\r\n{}\n\r\n", true)]
    [InlineData(StreamHead + "ff\r\n{}\n", false)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}\n", false)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}\n", true)]
    public async Task A_stream_that_breaks_is_seen_to_be_broken(string begun, bool resets)
    {
        var goOn = new SemaphoreSlim(0);
        await using var upstream = new TcpUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.ReadBodyAsync();
            await connection.SendAsync(begun);
            await goOn.WaitAsync(TimeSpan.FromSeconds(60));
            if (resets) connection.Reset();
        });
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        using var client = await fixture.ConnectAsync();
        await client.SendAsync(Chat);
        await client.ReadUntilAsync(text => text.Contains("{}\n", StringComparison.Ordinal));
        goOn.Release();

        var (rest, _) = await client.ReadToEndAsync();

        Assert.DoesNotContain("0\r\n\r\n", rest, StringComparison.Ordinal);
        var (_, end) = await fixture.OnlyEndAsync();
        Assert.Equal(LlmOutcome.Failed, end.Outcome);
        Assert.Contains("broke off", end.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/chat", "{\"error\":\"ollama does not answer at http://127.0.0.1:1: the connection was refused. Start it, or set Ollama:Upstream to where it runs\"}")]
    [InlineData("/v1/chat/completions", "{\"error\":{\"type\":\"api_error\",\"message\":\"ollama does not answer")]
    [InlineData("/v1/messages", "{\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"ollama does not answer")]
    public async Task A_server_that_does_not_run_is_said_in_the_shape_its_clients_read(string path, string expected)
    {
        await using var fixture = await ProxyFixture.StartAsync(new Uri("http://127.0.0.1:1"));
        using var client = await fixture.ConnectAsync();

        await client.SendAsync($"POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{{}}");
        var (text, _) = await client.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 502", text, StringComparison.Ordinal);
        Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.Equal(LlmOutcome.Failed, (await fixture.OnlyEndAsync()).End.Outcome);
    }

    [Fact]
    public async Task A_server_that_closes_without_an_answer_is_a_502()
    {
        await using var upstream = new TcpUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.ReadBodyAsync();
        });
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        using var client = await fixture.ConnectAsync();

        await client.SendAsync(Chat);

        Assert.StartsWith("HTTP/1.1 502", await client.ReadUntilAsync(text => text.Contains("broke off", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Single(upstream.Bodies);
    }

    [Fact]
    public async Task A_connection_that_was_closed_while_it_waited_costs_no_request()
    {
        await using var upstream = TcpUpstream.Saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", closes: true);
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        using var client = await fixture.ConnectAsync();

        for (var i = 0; i < 10; i++)
        {
            await client.SendAsync(Chat);
            Assert.StartsWith("HTTP/1.1 200", await client.ReadUntilAsync(text => text.EndsWith("\r\n\r\n{}", StringComparison.Ordinal)), StringComparison.Ordinal);
            await Until.True(() => upstream.Connections.Count == i + 1 && upstream.Connections.All(connection => connection.IsClosed));
        }

        Assert.Equal(10, upstream.Bodies.Count);
    }

    [Fact]
    public async Task Connections_are_used_again()
    {
        await using var upstream = TcpUpstream.Saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        using var client = await fixture.ConnectAsync();

        for (var i = 0; i < 10; i++)
        {
            await client.SendAsync(Chat);
            await client.ReadUntilAsync(text => text.EndsWith("\r\n\r\n{}", StringComparison.Ordinal));
        }

        Assert.Single(upstream.Connections);
    }

    [Fact]
    public async Task A_stop_ends_what_runs_soon_and_it_is_recorded()
    {
        await using var upstream = new TcpUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync(StreamHead + "3\r\n{}\n\r\n");
            await connection.WaitForEndAsync();
        });
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        using var client = await fixture.ConnectAsync();
        await client.SendAsync(Chat);
        await client.ReadUntilAsync(text => text.Contains("{}\n", StringComparison.Ordinal));

        var watch = Stopwatch.StartNew();
        await fixture.Host.StopAsync(TestContext.Current.CancellationToken);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"{watch.Elapsed}");
        var (_, end) = Assert.Single(fixture.Ends);
        Assert.Equal((LlmOutcome.Aborted, "the collector stopped"), (end.Outcome, end.Error));
    }

    [Fact]
    public async Task A_client_that_leaves_with_the_mark_at_the_end_has_got_its_reply()
    {
        const string last = "{\"message\":{\"content\":\"x\"},\"done\":true}\n";
        await using var upstream = new TcpUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.ReadBodyAsync();
            await connection.SendAsync($"{StreamHead}{last.Length:x}\r\n{last}\r\n");
            await connection.WaitForEndAsync();
        });
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        using (var client = await fixture.ConnectAsync())
        {
            await client.SendAsync(Chat);
            await client.ReadUntilAsync(text => text.Contains(last, StringComparison.Ordinal));
        }

        var (_, end) = await fixture.OnlyEndAsync();
        Assert.Equal((LlmOutcome.Ok, null), (end.Outcome, end.Error));
    }

    [Theory]
    [InlineData("text/plain; charset=utf-8", "404 page not found\n<and more>", "404 page not found")]
    [InlineData("text/plain", "\r\n  first\r\nsecond", "first")]
    [InlineData("text/plain", "{\"detail\":[{\"input\":\"a prompt\"}]}", "the server answered with status 404")]
    [InlineData("text/plain", "", "the server answered with status 404")]
    [InlineData("text/html", "<h1>no</h1>", "the server answered with status 404")]
    public async Task An_error_in_plain_words_is_told_by_its_first_line(string type, string body, string expected)
    {
        await using var upstream = TcpUpstream.Saying($"HTTP/1.1 404 Not Found\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        using var client = await fixture.ConnectAsync();

        await client.SendAsync(Chat);

        Assert.Equal((LlmOutcome.Failed, expected), ((await fixture.OnlyEndAsync()).End.Outcome, (await fixture.OnlyEndAsync()).End.Error));
    }

    [Theory]
    [InlineData("503 Service Unavailable", "{\"error\":\"busy\"}", LlmOutcome.Refused)]
    [InlineData("499 Gone", "{\"error\":\"canceled\"}", LlmOutcome.Aborted)]
    [InlineData("404 Not Found", "{\"error\":\"no such model\"}", LlmOutcome.Failed)]
    [InlineData("200 OK", "{\"error\":\"out of memory\"}\n", LlmOutcome.Failed)]
    [InlineData("200 OK", "{\"message\":{\"content\":\"x\"},\"done\":false}\n", LlmOutcome.Failed)]
    [InlineData("200 OK", "{\"message\":{\"content\":\"x\"},\"done\":true,\"done_reason\":\"stop\"}\n", LlmOutcome.Ok)]
    [InlineData("200 OK", "{\"message\":{\"cont\n{\"message\":{\"content\":\"x\"},\"done\":false}\n", LlmOutcome.Failed)]
    [InlineData("200 OK", "{\"message\":{\"cont\n{\"message\":{\"content\":\"x\"},\"done\":true}\n", LlmOutcome.Ok)]
    [InlineData("200 OK", "{\"message\":{\"content\":\"x\"},\"done\":false}\n{\"message\":{\"cont", LlmOutcome.Failed)]
    public async Task The_outcome_is_what_the_server_said(string status, string body, LlmOutcome expected)
    {
        await using var upstream = TcpUpstream.Saying($"HTTP/1.1 {status}\r\nContent-Type: application/x-ndjson\r\nContent-Length: {Encoding.Latin1.GetByteCount(body)}\r\n\r\n{body}");
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        using var client = await fixture.ConnectAsync();

        await client.SendAsync(Chat);

        var (request, end) = await fixture.OnlyEndAsync();
        Assert.Equal(expected, end.Outcome);
        Assert.Equal(int.Parse(status[..3]), request.StatusCode);
        Assert.Equal(body.Length, request.ResponseBytes);
    }
}
