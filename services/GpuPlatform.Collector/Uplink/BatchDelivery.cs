using System.Diagnostics;

namespace GpuPlatform.Collector.Uplink;

/// <summary>How far a batch came: so many of its first messages have arrived, and why the next one has not.</summary>
internal readonly record struct DeliveryResult(int ConfirmedCount, Exception? Failure);

/// <summary>
/// Sends messages over a link without waiting for each: their order is that of the channel. How many at once follows from how fast the
/// broker confirms, one at first.
/// </summary>
internal sealed class BatchDelivery(UplinkMetrics metrics, TimeProvider time)
{
    internal const int LargestBatch = 128;
    internal static readonly TimeSpan PublishTimeout = TimeSpan.FromSeconds(3);

    // A publish may ignore its token after a broker's restart, so the wait for it is bounded too.
    private static readonly TimeSpan AbandonTimeout = PublishTimeout + TimeSpan.FromSeconds(1);

    // Far from the time-out on both sides: a slow broker must never be given more than it confirms in time
    private static readonly TimeSpan Fast = PublishTimeout / 12;
    private static readonly TimeSpan Slow = PublishTimeout / 3;
    private static readonly ActivitySource Source = new("GpuPlatform.Uplink");

    /// <summary>Messages that may be sent before the first is confirmed.</summary>
    public int Window { get; private set; } = 1;

    /// <summary>Sends the messages, and ends when each is confirmed or has failed.</summary>
    public async Task<DeliveryResult> DeliverAsync(IBrokerLink link, IReadOnlyList<UplinkMessage> messages, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(PublishTimeout, time);
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var started = time.GetTimestamp();
        var sends = messages.Select(message => SendAsync(link, message, timeout, attempt.Token, cancellationToken)).ToArray();
        var (confirmedCount, failure) = (0, (Exception?)null);
        foreach (var send in sends)
        {
            await send.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (failure is not null) continue;
            if (send.IsCompletedSuccessfully) confirmedCount++;
            else failure = send.Exception?.InnerException ?? new OperationCanceledException(cancellationToken);
        }

        Adapt(time.GetElapsedTime(started), messages.Count);
        return new(confirmedCount, failure);
    }

    private void Adapt(TimeSpan elapsed, int count)
    {
        if (elapsed > Slow) Window = Math.Max(1, count / 2);
        else if (elapsed < Fast && count == Window) Window = Math.Min(LargestBatch, Window * 2);
    }

    private async Task SendAsync(
        IBrokerLink link, UplinkMessage message, CancellationTokenSource timeout, CancellationToken attempt, CancellationToken cancellationToken)
    {
        using var span = StartSpan(message);
        var started = time.GetTimestamp();
        try
        {
            await link.PublishAsync(message, span?.Id ?? message.TraceParent, attempt).WaitAsync(AbandonTimeout, time, cancellationToken);
            metrics.Confirmed(time.GetElapsedTime(started));
        }
        catch (Exception exception)
        {
            metrics.Failed();
            span?.SetStatus(ActivityStatusCode.Error, exception.Message);
            if (!timeout.IsCancellationRequested || cancellationToken.IsCancellationRequested) throw;
            throw new NotTakenException($"no confirmation within {PublishTimeout.TotalSeconds} s", exception);
        }
    }

    // The consumer's span hangs under this one, and this one under the span that handed the message over: one trace id for all.
    private static Activity? StartSpan(UplinkMessage message)
    {
        var parent = ActivityContext.TryParse(message.TraceParent, null, isRemote: false, out var context) ? context : default;
        var span = Source.CreateActivity($"publish {message.Route.Exchange}", ActivityKind.Producer, parent);
        span?.SetTag("messaging.system", "rabbitmq")
            .SetTag("messaging.operation.type", "send")
            .SetTag("messaging.destination.name", message.Route.Exchange)
            .SetTag("messaging.message.id", message.Id.ToString())
            .SetTag("messaging.message.body.size", message.Body.Length);
        return span?.Start();
    }
}
