using System.Text;

namespace GpuPlatform.Tests.Collector.Ollama.Proxy;

/// <summary>The same bytes sent to the upstream directly and through the proxy: what comes back, and what arrives, is the same.</summary>
public sealed class TransparencyTests
{
    private static readonly string AllBytes = string.Concat(Enumerable.Range(0, 256).Select(i => (char)i));

    // What speaks of one connection alone, or is a clock
    private static readonly string[] OfTheConnection = ["connection", "transfer-encoding", "keep-alive", "date", "host"];

    public static TheoryData<string> Replies =>
    [
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: 1\r\nX-A: 2\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d, e\r\n\r\nhi",
        "HTTP/1.1 200 Quite Fine\r\nContent-Length: 0\r\nX-Name: caf\u00e9 \u00a7\r\nX-Empty:\r\n\r\n",
        $"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: x/y; z=\"q\"\r\nContent-Length: 256\r\n\r\n{AllBytes}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;ext=1\r\n \r\nA\r\n0123456789\r\n0\r\n\r\n",
        "HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n",
        "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 18\r\n\r\n404 page not found",
        "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\nRetry-After: 5\r\n\r\noops",
        "HTTP/1.1 599 Odd\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 301 Moved Permanently\r\nLocation: /elsewhere%2f?x#y\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
        "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nVary: Origin\r\nContent-Length: 2\r\n\r\nhi",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nhi\r\n0\r\nX-Sum: 17\r\nX-Other: caf\u00e9\r\n\r\n",
    ];

    [Theory]
    [MemberData(nameof(Replies))]
    public async Task A_reply_comes_as_the_server_sent_it(string reply)
    {
        await using var upstream = TcpUpstream.Saying(reply, closes: true);
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        const string request = "GET /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

        Assert.Equal(await AskAsync(upstream.Address, request), await AskAsync(fixture.Address, request));
    }

    [Fact]
    public async Task A_reply_that_ends_with_its_connection_comes_whole()
    {
        await using var upstream = TcpUpstream.Saying("HTTP/1.0 200 OK\r\n\r\nuntil the end", closes: true);
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);

        Assert.EndsWith("body: until the end", await AskAsync(fixture.Address, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);
        Assert.EndsWith("body: until the end", await AskAsync(fixture.Address, "GET / HTTP/1.0\r\n\r\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HEAD / HTTP/1.1\r\nHost: localhost\r\n", "", "HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n")]
    [InlineData("OPTIONS /api/chat HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost:3000\r\nAccess-Control-Request-Method: POST\r\n", "", "HTTP/1.1 204 No Content\r\nAccess-Control-Allow-Origin: *\r\n\r\n")]
    public async Task Heads_alone_pass(string head, string body, string reply)
    {
        await using var upstream = TcpUpstream.Saying(reply, closes: true);
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        var request = $"{head}Connection: close\r\n\r\n{body}";

        Assert.Equal(await AskAsync(upstream.Address, request), await AskAsync(fixture.Address, request));
        Assert.Equal(Known(upstream.Heads[0]), Known(upstream.Heads[1]));
    }

    public static TheoryData<string, string> Requests => new()
    {
        { "GET /a%2Fb/../c//d;e?x=%zz&y=a+b%20c&&= HTTP/1.1\r\nHost: localhost\r\n", "" },
        { "GET /v1/models/%E2%82%AC HTTP/1.1\r\nHost: localhost\r\nX-Name: caf\u00e9 \u00a7\r\nX-Empty:\r\nAccept-Encoding: br, gzip\r\nCookie: a=b\r\n", "" },
        { "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nUser-Agent: ollama/0.5 (amd64 linux) Go/1.22\r\nAuthorization: Bearer theirs\r\n", "" },
        { "DELETE /api/delete HTTP/1.1\r\nHost: localhost\r\nContent-Length: 13\r\n", "{\"model\":\"m\"}" },
        { "PUT /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n", "" },
        { "BREW /pot HTTP/1.1\r\nHost: localhost\r\nAccept: tea\r\n", "" },
        { "POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 29\r\n", "{\"model\":\"m\",\"messages\":[\"\u00e9\"]" + " " },
        { "POST /v1/responses HTTP/1.1\r\nHost: localhost\r\nContent-Encoding: zstd\r\nContent-Length: 4\r\n", "\u0028\u00b5\u002f\u00fd" },
        { "POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 9\r\n", "--x--gar\0" },
        { "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n", "5\r\n{\"mod\r\n3\r\nel\"\r\n0\r\n\r\n" },
        { "PATCH /x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n" },
        { "GET http://localhost:99/abs?x HTTP/1.1\r\nHost: localhost:99\r\n", "" },
        { "GET /old HTTP/1.0\r\nHost: localhost\r\n", "" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_request_arrives_as_the_client_sent_it(string head, string body)
    {
        await using var upstream = TcpUpstream.Saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", closes: true);
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        var request = $"{head}Connection: close\r\n\r\n{body}";

        await AskAsync(upstream.Address, request);
        await AskAsync(fixture.Address, request);

        Assert.Equal(Known(upstream.Heads[0]), Known(upstream.Heads[1]));
        Assert.Equal(Unchunked(upstream.Bodies[0]), Unchunked(upstream.Bodies[1]));
    }

    [Fact]
    public async Task The_host_stays_the_clients_own_so_that_the_server_can_look_at_it()
    {
        await using var upstream = TcpUpstream.Saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", closes: true);
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);

        await AskAsync(fixture.Address, "GET / HTTP/1.1\r\nHost: gpu.local:11435\r\nOrigin: http://gpu.local:11435\r\nConnection: close\r\n\r\n");

        Assert.Equal("gpu.local:11435", UpstreamConnection.Header(upstream.Heads[0], "Host"));
        Assert.Equal("http://gpu.local:11435", UpstreamConnection.Header(upstream.Heads[0], "Origin"));
    }

    [Fact]
    public async Task A_question_about_the_server_itself_is_answered()
    {
        await using var upstream = TcpUpstream.Saying("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);

        Assert.StartsWith("HTTP/1.1 200", await AskAsync(fixture.Address, "OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);
        Assert.Empty(upstream.Heads);
    }

    [Fact]
    public async Task Pieces_come_when_they_are_sent_and_not_later()
    {
        var next = new SemaphoreSlim(0);
        await using var upstream = new TcpUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (var i = 0; i < 5; i++)
            {
                await next.WaitAsync(TimeSpan.FromSeconds(60));
                await connection.SendAsync($"2\r\n{i}.\r\n");
            }
            await connection.SendAsync("0\r\n\r\n");
        });
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        using var client = await fixture.ConnectAsync();

        await client.SendAsync("GET /api/tags HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        var head = await client.ReadUntilAsync(text => text.EndsWith("\r\n\r\n", StringComparison.Ordinal));

        // Each is let go only when the one before has come all the way
        for (var i = 0; i < 5; i++)
        {
            next.Release();
            await client.ReadUntilAsync(text => text.Contains($"{i}.\r\n", StringComparison.Ordinal));
        }
        Assert.Contains("application/x-ndjson", head, StringComparison.Ordinal);
        Assert.False((await client.ReadToEndAsync()).IsReset);
    }

    private static async Task<string> AskAsync(Uri address, string request)
    {
        using var client = await RawClient.ConnectAsync(address);
        await client.SendAsync(request);
        var (text, isReset) = await client.ReadToEndAsync();
        Assert.False(isReset, text);
        while (text.StartsWith("HTTP/1.1 1", StringComparison.Ordinal)) text = text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var head = text[..end];
        var body = head.Contains("chunked", StringComparison.OrdinalIgnoreCase) ? Unchunked(text[(end + 4)..]) : text[(end + 4)..];
        return $"{head.Split("\r\n")[0].Replace("HTTP/1.0", "HTTP/1.1", StringComparison.Ordinal)}\n{string.Join('\n', Known(head).Skip(1))}\nbody: {body}";
    }

    // The first line, then the headers in no order, their names in small letters
    private static List<string> Known(string head)
    {
        var lines = head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        return
        [
            lines[0].Replace("http://localhost:99", "", StringComparison.Ordinal).Replace("HTTP/1.0", "HTTP/1.1", StringComparison.Ordinal),
            .. lines.Skip(1).Select(line => (Name: line[..line.IndexOf(':', StringComparison.Ordinal)].ToLowerInvariant(), Value: line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()))
                .Where(header => !OfTheConnection.Contains(header.Name) && !(header.Name == "content-length" && header.Value == "0"))
                .Select(header => $"{header.Name}: {header.Value}").OrderBy(line => line, StringComparer.Ordinal),
        ];
    }

    private static string Unchunked(string body)
    {
        if (!body.EndsWith("\r\n\r\n", StringComparison.Ordinal)) return body;
        var text = new StringBuilder();
        while (true)
        {
            var line = body.IndexOf("\r\n", StringComparison.Ordinal);
            var length = Convert.ToInt32(body[..line].Split(';')[0], 16);
            if (length == 0) return text.Append(body[(line + 2)..^2]).ToString();
            text.Append(body.AsSpan(line + 2, length));
            body = body[(line + 2 + length + 2)..];
        }
    }
}
