using System.Security.Cryptography;
using System.Text;

namespace GpuPlatform.Tests.Collector.Ollama.Proxy;

public sealed class UploadTests
{
    private const int Bytes = 200 << 20;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_large_upload_arrives_whole_in_little_memory(bool tellsLength)
    {
        byte[] arrived = [];
        await using var upstream = new TcpUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            arrived = await DigestAsync(connection.Stream, tellsLength);
            await connection.SendAsync("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
        });
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        using var client = await fixture.ConnectAsync();
        var piece = new byte[1 << 20];
        RandomNumberGenerator.Fill(piece);
        using var sent = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var most = 0L;

        await client.SendAsync($"POST /api/blobs/sha256:0 HTTP/1.1\r\nHost: localhost\r\n{(tellsLength ? $"Content-Length: {Bytes}" : "Transfer-Encoding: chunked")}\r\n\r\n");
        for (var i = 0; i < Bytes / piece.Length; i++)
        {
            piece[0] = (byte)i;
            sent.AppendData(piece);
            if (!tellsLength) await client.SendAsync($"{piece.Length:x}\r\n");
            await client.Stream.WriteAsync(piece, TestContext.Current.CancellationToken);
            if (!tellsLength) await client.SendAsync("\r\n");
            if (i % 50 == 49) most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
        }
        if (!tellsLength) await client.SendAsync("0\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 201", await client.ReadUntilAsync(text => text.EndsWith("\r\n\r\n", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(sent.GetHashAndReset(), arrived);
        // What other tests hold at the same time is in it
        Assert.InRange(most, long.MinValue, Bytes / 2);
    }

    [Theory]
    [InlineData("Content-Length: 10000000")]
    [InlineData("Transfer-Encoding: chunked")]
    public async Task A_refusal_comes_while_the_client_still_sends(string framing)
    {
        await using var upstream = new TcpUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nno!");
            // It reads no more, and waits for the client to notice
            await connection.WaitForEndAsync();
        });
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        using var client = await fixture.ConnectAsync();

        await client.SendAsync($"POST /api/blobs/sha256:0 HTTP/1.1\r\nHost: localhost\r\n{framing}\r\n\r\n5\r\nbegun\r\n");
        var reply = await client.ReadUntilAsync(text => text.EndsWith("no!", StringComparison.Ordinal));

        Assert.StartsWith("HTTP/1.1 413", reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_comes_though_the_server_takes_no_more()
    {
        var seen = new SemaphoreSlim(0);
        await using var upstream = new TcpUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.Stream.ReadExactlyAsync(new byte[1 << 20]);
            await connection.SendAsync("HTTP/1.1 400 Bad\r\nContent-Length: 3\r\n\r\nno!");
            await seen.WaitAsync(TimeSpan.FromSeconds(60));
        });
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        using var client = await fixture.ConnectAsync();
        await client.SendAsync("PUT /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\n");
        var sending = SendForEverAsync(client);

        Assert.StartsWith("HTTP/1.1 400", await client.ReadUntilAsync(text => text.EndsWith("no!", StringComparison.Ordinal)), StringComparison.Ordinal);

        seen.Release();
        client.Dispose();
        await sending;
    }

    [Fact]
    public async Task An_interim_answer_amid_an_upload_ends_it_not()
    {
        const int length = 32 << 20;
        await using var upstream = new TcpUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.Stream.ReadExactlyAsync(new byte[1 << 20]);
            await connection.SendAsync("HTTP/1.1 102 Processing\r\n\r\n");
            await connection.Stream.ReadExactlyAsync(new byte[length - (1 << 20)]);
            await connection.SendAsync("HTTP/1.1 201 Created\r\nContent-Length: 3\r\n\r\nyes");
        });
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        using var client = await fixture.ConnectAsync();

        await client.SendAsync($"PUT /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n");
        await client.Stream.WriteAsync(new byte[length], TestContext.Current.CancellationToken);

        Assert.Contains("201 Created", await client.ReadUntilAsync(text => text.EndsWith("yes", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_asks_whether_to_go_on_is_told_by_the_server()
    {
        await using var upstream = new TcpUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 417 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        });
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        using var client = await fixture.ConnectAsync();

        await client.SendAsync("POST /api/push HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 5000000\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 417", await client.ReadUntilAsync(text => text.EndsWith("\r\n\r\n", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal("100-continue", UpstreamConnection.Header(upstream.Heads[0], "Expect"));
    }

    [Theory]
    [InlineData("/api/push")]
    [InlineData("/api/chat")]
    public async Task A_client_that_waits_to_go_on_may(string path)
    {
        await using var upstream = new TcpUpstream(async connection =>
        {
            var head = await connection.ReadHeadAsync();
            if (head!.Contains("Expect", StringComparison.OrdinalIgnoreCase)) await connection.SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
            await connection.ReadBodyAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
        });
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        using var client = await fixture.ConnectAsync();

        await client.SendAsync($"POST {path} HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
        await client.ReadUntilAsync(text => text.Contains("100 Continue", StringComparison.Ordinal));
        await client.SendAsync("hello");

        await client.ReadUntilAsync(text => text.EndsWith("hi", StringComparison.Ordinal));
        Assert.Equal("hello", upstream.Bodies.Single());
    }

    private static async Task SendForEverAsync(RawClient client)
    {
        var piece = new byte[1 << 20];
        try
        {
            while (true) await client.Stream.WriteAsync(piece);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The test has seen enough
        }
    }

    private static async Task<byte[]> DigestAsync(Stream stream, bool tellsLength)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        if (tellsLength)
        {
            await TakeAsync(stream, Bytes, buffer, digest);
            return digest.GetHashAndReset();
        }
        while (true)
        {
            var line = new StringBuilder();
            while (!line.ToString().EndsWith("\r\n", StringComparison.Ordinal)) line.Append((char)await ByteAsync(stream, buffer));
            var length = Convert.ToInt32(line.ToString().TrimEnd(), 16);
            await TakeAsync(stream, length, buffer, digest);
            await stream.ReadExactlyAsync(buffer.AsMemory(0, 2));
            if (length == 0) return digest.GetHashAndReset();
        }
    }

    private static async Task<byte> ByteAsync(Stream stream, byte[] buffer)
    {
        await stream.ReadExactlyAsync(buffer.AsMemory(0, 1));
        return buffer[0];
    }

    private static async Task TakeAsync(Stream stream, long bytes, byte[] buffer, IncrementalHash digest)
    {
        while (bytes > 0)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, bytes)));
            if (read == 0) throw new EndOfStreamException();
            digest.AppendData(buffer.AsSpan(0, read));
            bytes -= read;
        }
    }
}
