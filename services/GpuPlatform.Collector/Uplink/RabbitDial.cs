using System.Net.Sockets;
using RabbitMQ.Client;

namespace GpuPlatform.Collector.Uplink;

/// <summary>Opens connections to RabbitMQ, one at a time. The library's own recovery is off: see decision 004.</summary>
internal sealed class RabbitDial
{
    // Long enough for a broker under load; a connect, a channel and each declaration has this time to itself.
    internal static readonly TimeSpan StepTimeout = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan NetworkTimeout = TimeSpan.FromSeconds(3);

    private readonly ConnectionFactory _factory;
    private readonly List<ITcpClient> _sockets = [];

    /// <param name="broker">Its address, with the credentials.</param>
    /// <param name="clientName">What the broker shows of this connection.</param>
    /// <param name="largestMessageBytes">A message from the broker that is larger costs the connection; null: the library's own bound.</param>
    public RabbitDial(Uri broker, string clientName, uint? largestMessageBytes = null)
    {
        _factory = new ConnectionFactory
        {
            Uri = broker,
            ClientProvidedName = clientName,
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            RequestedConnectionTimeout = NetworkTimeout,
            SocketReadTimeout = NetworkTimeout,
            SocketWriteTimeout = NetworkTimeout,
            ContinuationTimeout = NetworkTimeout,
            RequestedHeartbeat = TimeSpan.FromSeconds(10),
            SocketFactory = NewSocket,
        };
        if (largestMessageBytes is { } bytes) _factory.MaxInboundMessageBodySize = bytes;
        Address = $"{_factory.Endpoint.HostName}:{_factory.Endpoint.Port}";
    }

    /// <summary>Host and port, for logs: never the credentials.</summary>
    public string Address { get; }

    public async Task<IConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        CloseSockets();
        var opening = _factory.CreateConnectionAsync(cancellationToken);
        try
        {
            return await opening.WaitAsync(StepTimeout, cancellationToken);
        }
        catch
        {
            _ = DisposeLateAsync(opening);
            throw;
        }
    }

    private TcpClientAdapter NewSocket(AddressFamily family)
    {
        var socket = new TcpClientAdapter(new Socket(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
        lock (_sockets) _sockets.Add(socket);
        return socket;
    }

    // A broker that accepts and says nothing holds the library in its handshake with the socket open, one more at every attempt.
    // There is one connection at a time, so whatever an earlier one has left open is closed before the next.
    private void CloseSockets()
    {
        lock (_sockets)
        {
            foreach (var socket in _sockets) socket.Dispose();
            _sockets.Clear();
        }
    }

    private static async Task DisposeLateAsync(Task<IConnection> opening)
    {
        await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (opening.IsCompletedSuccessfully) await (await opening).AbandonAsync();
    }
}
