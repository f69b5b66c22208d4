using System.Diagnostics;
using System.Text;
using GpuPlatform.Contracts;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace GpuPlatform.Collector.Uplink;

/// <summary>Listens to exchanges with a queue of its own for each, which the broker bounds while it is full and drops with the connection.</summary>
/// <param name="broker">Its address, with the credentials.</param>
/// <param name="sources">What is listened to.</param>
/// <param name="answers">Exchange that answers are published to.</param>
/// <param name="clientName">What the broker shows of this connection.</param>
internal sealed class RabbitFeed(Uri broker, IReadOnlyList<FeedSource> sources, string answers, string clientName) : IFeedConnector
{
    private const ushort MostAtOnce = 64;
    private const uint LargestMessageBytes = 1024 * 1024;

    private readonly RabbitDial _dial = new(broker, clientName, LargestMessageBytes);

    public string Address => _dial.Address;

    public async Task<IFeedLink> ConnectAsync(FeedReceiver receive, CancellationToken cancellationToken)
    {
        var connection = await _dial.ConnectAsync(cancellationToken);
        try
        {
            var channel = await Step(connection.CreateChannelAsync(cancellationToken: cancellationToken));
            var link = new RabbitFeedLink(connection, channel, receive, answers);
            await channel.BasicQosAsync(prefetchSize: 0, MostAtOnce, global: false, cancellationToken).WaitAsync(RabbitDial.StepTimeout, cancellationToken);
            await DeclareAsync(channel, answers, cancellationToken);
            foreach (var source in sources)
            {
                await DeclareAsync(channel, source.Exchange, cancellationToken);
                var arguments = new Dictionary<string, object?> { ["x-max-length"] = source.MostWaiting };
                if (source.KeptFor is { } time) arguments["x-message-ttl"] = (int)time.TotalMilliseconds;
                var queue = await Step(channel.QueueDeclareAsync(queue: "", durable: false, exclusive: true, autoDelete: true, arguments, cancellationToken: cancellationToken));
                await channel.QueueBindAsync(queue.QueueName, source.Exchange, routingKey: "", cancellationToken: cancellationToken)
                    .WaitAsync(RabbitDial.StepTimeout, cancellationToken);
                await Step(channel.BasicConsumeAsync(queue.QueueName, autoAck: false, link.Consumer, cancellationToken));
            }
            return link;
        }
        catch
        {
            await connection.AbandonAsync();
            throw;
        }

        Task<TResult> Step<TResult>(Task<TResult> task) => task.WaitAsync(RabbitDial.StepTimeout, cancellationToken);
    }

    // As its publisher declares it: any difference would close one of the two channels
    private static Task DeclareAsync(IChannel channel, string exchange, CancellationToken cancellationToken) =>
        channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: cancellationToken)
            .WaitAsync(RabbitDial.StepTimeout, cancellationToken);

    private sealed class RabbitFeedLink : IFeedLink
    {
        private const int LongestTraceParent = 55;

        private readonly IConnection _connection;
        private readonly IChannel _channel;
        private readonly FeedReceiver _receive;
        private readonly string _answers;
        private readonly TaskCompletionSource<string> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public RabbitFeedLink(IConnection connection, IChannel channel, FeedReceiver receive, string answers)
        {
            (_connection, _channel, _receive, _answers) = (connection, channel, receive, answers);
            connection.ConnectionShutdownAsync += OnShutdownAsync;
            channel.ChannelShutdownAsync += OnShutdownAsync;
            Consumer = new AsyncEventingBasicConsumer(channel);
            Consumer.ReceivedAsync += OnReceivedAsync;
            Consumer.UnregisteredAsync += OnUnregisteredAsync;
            // It may have happened before the handlers were there
            if ((connection.CloseReason ?? channel.CloseReason) is { } reason) _closed.TrySetResult(Describe(reason));
        }

        public AsyncEventingBasicConsumer Consumer { get; }

        public Task<string> Closed => _closed.Task;

        public async ValueTask DisposeAsync()
        {
            Consumer.ReceivedAsync -= OnReceivedAsync;
            await _connection.AbandonAsync();
        }

        // Confirmed by hand: else the broker would hand out all there is, and the bound of the queue would be none of ours
        private async Task OnReceivedAsync(object sender, BasicDeliverEventArgs message)
        {
            var answer = _receive(message.Exchange, message.Body.Span, TraceParent(message.BasicProperties));
            if (answer is not null) await SendAsync(answer, message.CancellationToken);
            await _channel.BasicAckAsync(message.DeliveryTag, multiple: false, message.CancellationToken);
        }

        private async Task SendAsync(FeedAnswer answer, CancellationToken cancellationToken)
        {
            var properties = new BasicProperties
            {
                ContentType = WireTopology.EnvelopeContentType,
                Headers = answer.TraceParent is null ? null : new Dictionary<string, object?> { [WireTopology.TraceHeader] = answer.TraceParent },
            };
            await _channel.BasicPublishAsync(_answers, routingKey: "", mandatory: false, properties, answer.Body, cancellationToken);
        }

        private Task OnUnregisteredAsync(object sender, ConsumerEventArgs reason)
        {
            _closed.TrySetResult("the broker has ended the subscription");
            return Task.CompletedTask;
        }

        private Task OnShutdownAsync(object sender, ShutdownEventArgs reason)
        {
            _closed.TrySetResult(Describe(reason));
            return Task.CompletedTask;
        }

        private static string? TraceParent(IReadOnlyBasicProperties properties) =>
            properties.Headers?.TryGetValue(WireTopology.TraceHeader, out var value) == true && value is byte[] { Length: <= LongestTraceParent } bytes
            && Encoding.UTF8.GetString(bytes) is var text && ActivityContext.TryParse(text, null, out _)
                ? text
                : null;

        private static string Describe(ShutdownEventArgs reason) => reason.Exception?.GetBaseException().Message ?? reason.ReplyText;
    }
}
