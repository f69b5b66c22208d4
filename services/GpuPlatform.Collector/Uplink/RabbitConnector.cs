using RabbitMQ.Client;

namespace GpuPlatform.Collector.Uplink;

/// <summary>Connects to RabbitMQ and declares what the messages need there.</summary>
internal sealed class RabbitConnector(Uri broker, UplinkTopology topology, string clientName) : IBrokerConnector
{
    private const string Scheme = "amqp";

    private readonly RabbitDial _dial = new(broker, clientName);

    public string Address => _dial.Address;

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
        var connection = await _dial.ConnectAsync(cancellationToken);
        try
        {
            // Two arguments: any limiter of outstanding confirms throttles far below its limit, and one message at a time needs none.
            var options = new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);
            var channel = await connection.CreateChannelAsync(options, cancellationToken).WaitAsync(RabbitDial.StepTimeout, cancellationToken);
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
        foreach (var route in topology.Routes)
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

        Task Step(Task task) => task.WaitAsync(RabbitDial.StepTimeout, cancellationToken);
    }
}
