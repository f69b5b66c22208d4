using GpuPlatform.Contracts;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace GpuPlatform.Collector.Uplink;

/// <summary>A connection with one channel in confirm mode.</summary>
internal sealed class RabbitLink : IBrokerLink
{
    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly TaskCompletionSource<string> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RabbitLink(IConnection connection, IChannel channel)
    {
        (_connection, _channel) = (connection, channel);
        connection.ConnectionShutdownAsync += OnShutdownAsync;
        channel.ChannelShutdownAsync += OnShutdownAsync;
        // It may have happened before the handlers were there.
        if ((connection.CloseReason ?? channel.CloseReason) is { } reason) _closed.TrySetResult(Describe(reason));
    }

    public Task<string> Closed => _closed.Task;

    public async Task PublishAsync(UplinkMessage message, string? traceParent, CancellationToken cancellationToken)
    {
        var properties = new BasicProperties
        {
            ContentType = WireTopology.EnvelopeContentType,
            DeliveryMode = DeliveryModes.Persistent,
            MessageId = message.Id.ToString(),
            Headers = traceParent is null ? null : new Dictionary<string, object?> { [WireTopology.TraceHeader] = traceParent },
        };
        try
        {
            await _channel.BasicPublishAsync(message.Route.Exchange, routingKey: "", mandatory: true, properties, message.Body, cancellationToken);
        }
        catch (PublishException exception)
        {
            throw new NotTakenException(
                exception.IsReturn ? $"no queue is bound to {message.Route.Exchange}" : $"the broker refused a message for {message.Route.Exchange}", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _connection.ConnectionShutdownAsync -= OnShutdownAsync;
        _channel.ChannelShutdownAsync -= OnShutdownAsync;
        await _connection.AbandonAsync();
    }

    private Task OnShutdownAsync(object sender, ShutdownEventArgs reason)
    {
        _closed.TrySetResult(Describe(reason));
        return Task.CompletedTask;
    }

    private static string Describe(ShutdownEventArgs reason) => reason.Exception?.GetBaseException().Message ?? reason.ReplyText;
}

internal static class ConnectionDisposal
{
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Closes a connection that may be dead: asks politely for a moment, then leaves it to itself.</summary>
    public static async Task AbandonAsync(this IConnection connection)
    {
        try
        {
            await connection.AbortAsync(GoodbyeTimeout).WaitAsync(GoodbyeTimeout + GoodbyeTimeout);
            await connection.DisposeAsync().AsTask().WaitAsync(GoodbyeTimeout);
        }
        catch (Exception exception) when (exception is TimeoutException or IOException or AlreadyClosedException or ObjectDisposedException)
        {
            // The broker does not answer: nothing is left to be said to it.
        }
    }
}
