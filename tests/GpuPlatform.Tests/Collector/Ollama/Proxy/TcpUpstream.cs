using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace GpuPlatform.Tests.Collector.Ollama.Proxy;

/// <summary>A model server that sends exactly the bytes a test says, and knows exactly those it got.</summary>
internal sealed class TcpUpstream : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Func<UpstreamConnection, Task> _answer;
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Task _accepting;

    public TcpUpstream(Func<UpstreamConnection, Task> answer)
    {
        _answer = answer;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    /// <summary>Answers every request with the same bytes.</summary>
    public static TcpUpstream Saying(string reply, bool closes = false) => new(async connection =>
    {
        while (await connection.ReadHeadAsync() is not null)
        {
            await connection.ReadBodyAsync();
            await connection.SendAsync(reply);
            if (closes) return;
        }
    });

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}");

    public ConcurrentQueue<UpstreamConnection> Connections { get; } = new();

    /// <summary>Heads that came, over all connections.</summary>
    public IReadOnlyList<string> Heads => [.. Connections.SelectMany(connection => connection.Heads)];

    /// <summary>Bodies that came.</summary>
    public IReadOnlyList<string> Bodies => [.. Connections.SelectMany(connection => connection.Bodies)];

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        foreach (var connection in Connections) connection.Dispose();
        await _accepting;
        await Task.WhenAll(_connections).WaitAsync(TimeSpan.FromSeconds(60));
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
            var connection = new UpstreamConnection(socket);
            Connections.Enqueue(connection);
            _connections.Add(AnswerAsync(connection));
        }
    }

    private async Task AnswerAsync(UpstreamConnection connection)
    {
        try
        {
            await _answer(connection);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // The proxy went away, or the test ended
        }
        finally
        {
            connection.Dispose();
        }
    }
}

/// <summary>One connection of the proxy to the upstream.</summary>
internal sealed class UpstreamConnection(Socket socket) : IDisposable
{
    private readonly NetworkStream _stream = new(socket, ownsSocket: true);
    private readonly byte[] _one = new byte[1];

    public List<string> Heads { get; } = [];

    public List<string> Bodies { get; } = [];

    /// <summary>Set when the other side has gone.</summary>
    public bool IsGone { get; private set; }

    public Stream Stream => _stream;

    /// <summary>The next request's head with its empty line; null when none comes.</summary>
    public async Task<string?> ReadHeadAsync()
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await _stream.ReadAsync(_one) == 0)
            {
                IsGone = true;
                return null;
            }
            head.Append((char)_one[0]);
        }
        lock (Heads) Heads.Add(head.ToString());
        return head.ToString();
    }

    /// <summary>The body of the last head, still in its chunks if it came in any.</summary>
    public async Task<string> ReadBodyAsync()
    {
        var head = Heads[^1];
        var body = new StringBuilder();
        if (Header(head, "Content-Length") is { } length)
        {
            var bytes = new byte[int.Parse(length)];
            await _stream.ReadExactlyAsync(bytes);
            body.Append(Encoding.Latin1.GetString(bytes));
        }
        else if (Header(head, "Transfer-Encoding") is not null)
        {
            while (!body.ToString().EndsWith("0\r\n\r\n", StringComparison.Ordinal))
            {
                await _stream.ReadExactlyAsync(_one);
                body.Append((char)_one[0]);
            }
        }
        lock (Bodies) Bodies.Add(body.ToString());
        return body.ToString();
    }

    public ValueTask SendAsync(string bytes) => _stream.WriteAsync(Encoding.Latin1.GetBytes(bytes));

    /// <summary>Waits until the other side goes, whatever it still sends.</summary>
    public async Task WaitForEndAsync()
    {
        try
        {
            var buffer = new byte[4096];
            while (await _stream.ReadAsync(buffer) > 0)
            {
            }
        }
        catch (IOException)
        {
        }
        IsGone = true;
    }

    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    public static string? Header(string head, string name) => head.Split("\r\n").FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)) is { } line
        ? line[(name.Length + 1)..].Trim()
        : null;

    public void Dispose() => _stream.Dispose();
}
