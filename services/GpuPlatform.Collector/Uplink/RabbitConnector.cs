using System.Net.Sockets;
using RabbitMQ.Client;

namespace GpuPlatform.Collector.Uplink;

/// <summary>Connects to RabbitMQ and declares what the messages need there. The library's own recovery is off: see decision 004.</summary>
internal sealed class RabbitConnector : IBrokerConnector
{
    private const string Scheme = "amqp";

    // Long enough for a broker under load; a connect, a channel and each declaration has this time to itself.
    internal static readonly TimeSpan StepTimeout = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan NetworkTimeout = TimeSpan.FromSeconds(3);

    private readonly ConnectionFactory _factory;
    private readonly List<ITcpClient> _sockets = [];
    private readonly UplinkTopology _topology;

    public RabbitConnector(Uri broker, UplinkTopology topology, string clientName)
    {
        _topology = topology;
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
        Address = $"{_factory.Endpoint.HostName}:{_factory.Endpoint.Port}";
    }

    public string Address { get; }

    /// <summary>The broker's address, or null when there is none in the configuration.</summary>
    /// <exception cref="InvalidOperationException">The connection string is no AMQP address. Its text stays out of the message: it holds a password.</exception>
    public static Uri? ParseAddress(string? connectionString)
    {
        if (string.IsNullOrWhiteSpace(connectionString)) return null;
        return AddressProblem(connectionString) is { } problem ? throw new InvalidOperationException(problem) : new Uri(connectionString);
    }

    /// <summary>What is wrong with a broker's address, without repeating it; null when it can be used or is empty.</summary>
    public static string? AddressProblem(string connectionString) =>
        string.IsNullOrWhiteSpace(connectionString)
        || (Uri.TryCreate(connectionString, UriKind.Absolute, out var uri) && uri.Scheme is Scheme or Scheme + "s"
            && uri.Host.Length > 0 && uri.Segments.Length <= 2 && uri.UserInfo.Count(':') <= 1)
            ? null
            : "ConnectionStrings:messaging must have the form amqp://user:password@host:port or amqps://…, a virtual host may follow; "
              + "in user and password ':' is written %3A, '@' %40 and '/' %2F.";

    public async Task<IBrokerLink> ConnectAsync(CancellationToken cancellationToken)
    {
        CloseSockets();
        var opening = _factory.CreateConnectionAsync(cancellationToken);
        IConnection connection;
        try
        {
            connection = await opening.WaitAsync(StepTimeout, cancellationToken);
        }
        catch
        {
            _ = DisposeLateAsync(opening);
            throw;
        }

        try
        {
            // Two arguments: any limiter of outstanding confirms throttles far below its limit, and one message at a time needs none.
            var options = new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);
            var channel = await connection.CreateChannelAsync(options, cancellationToken).WaitAsync(StepTimeout, cancellationToken);
            await DeclareAsync(channel, cancellationToken);
            return new RabbitLink(connection, channel);
        }
        catch
        {
            await connection.AbandonAsync();
            throw;
        }
    }

    // Consumers declare the same with the same arguments; any difference would close their channel or ours.
    private async Task DeclareAsync(IChannel channel, CancellationToken cancellationToken)
    {
        foreach (var route in _topology.Routes)
        {
            await Step(channel.ExchangeDeclareAsync(route.Exchange, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: cancellationToken));
            foreach (var queue in route.Queues)
            {
                await Step(channel.ExchangeDeclareAsync(queue, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: cancellationToken));
                await Step(channel.ExchangeBindAsync(destination: queue, source: route.Exchange, routingKey: "", cancellationToken: cancellationToken));
                await Step(channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: cancellationToken));
                await Step(channel.QueueBindAsync(queue, exchange: queue, routingKey: "", cancellationToken: cancellationToken));
            }
        }

        Task Step(Task task) => task.WaitAsync(StepTimeout, cancellationToken);
    }

    private TcpClientAdapter NewSocket(AddressFamily family)
    {
        var socket = new TcpClientAdapter(new Socket(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
        lock (_sockets) _sockets.Add(socket);
        return socket;
    }

    // A broker that accepts and says nothing holds the library in its handshake with the socket open, one more at every attempt.
    // There is one link at a time, so whatever an earlier one has left open is closed before the next.
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
