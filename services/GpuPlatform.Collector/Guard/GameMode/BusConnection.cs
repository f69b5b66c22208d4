using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace GpuPlatform.Collector.Guard.GameMode;

/// <summary>A connection to a message bus: enough of D-Bus to make calls and to hear signals.</summary>
internal sealed class BusConnection : IDisposable
{
    private const string Bus = "org.freedesktop.DBus";
    private const int LongestLine = 512;

    private readonly NetworkStream _stream;
    private uint _serial;

    private BusConnection(Socket socket) => _stream = new NetworkStream(socket, ownsSocket: true);

    /// <summary>Connects as the given user, which the kernel confirms to the bus.</summary>
    public static async Task<BusConnection> OpenAsync(UnixDomainSocketEndPoint address, uint userId, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        BusConnection? connection = null;
        try
        {
            await socket.ConnectAsync(address, cancellation);
            connection = new BusConnection(socket);
            await connection.AuthenticateAsync(userId, cancellation);
            var hello = await connection.CallBusAsync("Hello", cancellation);
            while (await connection.ReceiveAsync(cancellation) is var answer && answer.ReplyTo != hello)
            {
            }
            return connection;
        }
        catch
        {
            connection?.Dispose();
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a message and gives the number by which its answer is known.</summary>
    public async Task<uint> SendAsync(BusMessage message, CancellationToken cancellation)
    {
        await _stream.WriteAsync(BusFormat.Write(message with { Serial = ++_serial }), cancellation);
        return _serial;
    }

    /// <summary>Calls the bus itself.</summary>
    public Task<uint> CallBusAsync(string member, CancellationToken cancellation, params string[] texts) => SendAsync(new BusMessage
    {
        Type = BusMessageType.Call, Serial = 0, Path = "/org/freedesktop/DBus", Interface = Bus, Member = member, Destination = Bus,
        Signature = new string('s', texts.Length), Body = BusFormat.Texts(texts),
    }, cancellation);

    /// <summary>The next message that holds together. Anybody on the bus may send any: one that does not costs itself alone, since its length is known.</summary>
    /// <exception cref="InvalidDataException">Not even the length of a message can be told.</exception>
    public async Task<BusMessage> ReceiveAsync(CancellationToken cancellation)
    {
        var start = new byte[BusFormat.FixedBytes];
        while (true)
        {
            await _stream.ReadExactlyAsync(start, cancellation);
            var message = new byte[BusFormat.Length(start)];
            start.CopyTo(message, 0);
            await _stream.ReadExactlyAsync(message.AsMemory(start.Length), cancellation);
            if (BusFormat.TryRead(message) is { } read)
                return read;
        }
    }

    public void Dispose() => _stream.Dispose();

    private async Task AuthenticateAsync(uint userId, CancellationToken cancellation)
    {
        var identity = Convert.ToHexString(Encoding.ASCII.GetBytes(userId.ToString(CultureInfo.InvariantCulture)));
        await _stream.WriteAsync(Encoding.ASCII.GetBytes($"\0AUTH EXTERNAL {identity}\r\n"), cancellation);
        var answer = await LineAsync(cancellation);
        if (!answer.StartsWith("OK ", StringComparison.Ordinal))
            throw new UnauthorizedAccessException($"the session bus does not let this user in: {answer}");
        await _stream.WriteAsync("BEGIN\r\n"u8.ToArray(), cancellation);
    }

    private async Task<string> LineAsync(CancellationToken cancellation)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (line.Length < LongestLine)
        {
            await _stream.ReadExactlyAsync(one, cancellation);
            if (one[0] == '\n')
                return line.ToString().TrimEnd('\r');
            line.Append((char)one[0]);
        }
        throw new InvalidDataException("the bus does not greet as one");
    }
}
