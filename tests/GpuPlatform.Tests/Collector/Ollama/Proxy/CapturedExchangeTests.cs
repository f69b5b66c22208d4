using System.IO.Compression;
using System.Text;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Collector.Ollama.Proxy;

/// <summary>What is kept of an exchange, where that is switched on, is what the client sent and got: no more, and nothing twice.</summary>
public sealed class CapturedExchangeTests
{
    private const string Asked = """{"model":"m","stream":true}""";
    private const string Token = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}\n\n";
    private const string Usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1,\"total_tokens\":4}}\n\n";
    private const string Done = "data: [DONE]\n\n";

    [Fact]
    public async Task Neither_what_was_put_in_is_kept_nor_what_was_taken_out_again()
    {
        await using var upstream = TcpUpstream.Saying(Said("200 OK", "text/event-stream", Token + Usage + Done));
        var content = await AskAsync(upstream, Asked);
        Assert.Equal((Asked, Token + Done), (content.Request, content.Response));
    }

    [Fact]
    public async Task A_request_that_was_sent_twice_is_kept_once()
    {
        await using var upstream = new TcpUpstream(async connection =>
        {
            while (await connection.ReadHeadAsync() is not null)
                await connection.SendAsync((await connection.ReadBodyAsync()).Contains("stream_options", StringComparison.Ordinal)
                    ? Said("400 Bad Request", "application/json", "{\"error\":\"unknown field stream_options\"}")
                    : Said("200 OK", "text/event-stream", Token + Done));
        });
        var content = await AskAsync(upstream, Asked);
        Assert.Equal(2, upstream.Bodies.Count);
        Assert.Equal((Asked, Token + Done), (content.Request, content.Response));
    }

    [Fact]
    public async Task A_body_of_which_only_the_beginning_was_read_ahead_is_kept_once()
    {
        var asked = $$"""{"model":"m","images":["{{new string('A', 5 << 20)}}"],"prompt":"why?"}""";
        await using var upstream = TcpUpstream.Saying(Said("200 OK", "application/json", "{}"));
        var content = await AskAsync(upstream, asked);
        Assert.Equal($$"""{"model":"m","images":["{{new string('A', 256)}}…[{{5 << 20}} characters]"],"prompt":"why?"}""", content.Request);
        Assert.True(content.Truncated);
    }

    [Fact]
    public async Task Of_a_refused_upload_nothing_is_kept_that_did_not_come()
    {
        const string begun = "{\"model\":\"m\",";
        await using var upstream = new TcpUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync(Said("413 Too Large", "application/json", "{}"));
            await connection.WaitForEndAsync();
        });
        await using var fixture = await StartAsync(upstream);
        using var client = await fixture.ConnectAsync();
        // Packed, so that it is not read ahead
        await client.SendAsync($"POST /v1/responses HTTP/1.1\r\nHost: localhost\r\nContent-Encoding: zstd\r\nContent-Length: 1000000\r\n\r\n{begun}");
        await client.ReadUntilAsync(text => text.EndsWith("{}", StringComparison.Ordinal));
        client.Dispose();
        Assert.True((await fixture.OnlyEndAsync()).Request.Capture!.ToContent().Request is null or begun);
    }

    [Fact]
    public async Task A_packed_reply_is_not_kept()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) await gzip.WriteAsync("{\"done\":true}\n"u8.ToArray(), TestContext.Current.CancellationToken);
        var body = Encoding.Latin1.GetString(packed.ToArray());
        await using var upstream = TcpUpstream.Saying($"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nContent-Encoding: gzip\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        var content = await AskAsync(upstream, Asked);
        Assert.Equal((Asked, null), (content.Request, content.Response));
    }

    private static Task<ProxyFixture> StartAsync(TcpUpstream upstream) => ProxyFixture.StartAsync(upstream.Address, options => options.CaptureContent = true);

    private static async Task<LlmContent> AskAsync(TcpUpstream upstream, string body)
    {
        await using var fixture = await StartAsync(upstream);
        using var client = await fixture.ConnectAsync();
        await client.SendAsync($"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        var (request, end) = await fixture.OnlyEndAsync();
        Assert.Equal(LlmOutcome.Ok, end.Outcome);
        return request.Capture!.ToContent();
    }

    private static string Said(string status, string type, string body) => $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n{body}";
}
