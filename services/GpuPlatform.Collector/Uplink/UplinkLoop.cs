using System.Diagnostics;

namespace GpuPlatform.Collector.Uplink;

/// <summary>
/// Delivers what waits, in order, one message at a time. Anything that goes wrong is answered in the same way: the link is thrown
/// away, and after a pause a new one is opened, which declares everything again and sends the same message again.
/// </summary>
internal sealed partial class UplinkLoop(
    BrokerUplink uplink, UplinkQueue queue, IBrokerConnector? connector, UplinkMetrics metrics, TimeProvider time, ILogger<UplinkLoop> logger) : BackgroundService
{
    internal static readonly TimeSpan PublishTimeout = TimeSpan.FromSeconds(3);
    internal static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(5);

    // A publish may ignore its token after a broker's restart, so the wait for it is bounded too.
    private static readonly TimeSpan AbandonTimeout = PublishTimeout + TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly ActivitySource Source = new("GpuPlatform.Uplink");

    private TimeSpan _pause = FirstPause;
    private long? _attemptAt;
    private long? _lostAt;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        if (connector is not null) await queue.Emptied.WaitAsync(FlushTimeout, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
        if (queue.Count > 0) LogUndelivered(queue.Count);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (connector is null)
        {
            LogDisabled();
            return;
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var link = await connector.ConnectAsync(stoppingToken);
                await PumpAsync(link, stoppingToken);
            }
            catch (Exception exception)
            {
                if (stoppingToken.IsCancellationRequested) return;
                Disconnected(exception);
            }

            await Task.Delay(_pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
        }
    }

    // Ends with the failure that it has noted, so that the outage is known before the link is taken leave of.
    private async Task PumpAsync(IBrokerLink link, CancellationToken cancellationToken)
    {
        if (queue.Count == 0) Connected();
        while (true)
        {
            await Task.WhenAny(queue.Arrived, link.Closed).WaitAsync(cancellationToken);
            if (link.Closed.IsCompleted)
            {
                Disconnected(new NotTakenException(await link.Closed));
                return;
            }

            if (queue.Take() is not { } message) continue;
            _attemptAt = time.GetTimestamp();
            try
            {
                await DeliverAsync(link, message, cancellationToken);
                queue.Confirm();
            }
            catch (Exception exception)
            {
                queue.PutBack();
                if (cancellationToken.IsCancellationRequested) throw;
                Disconnected(exception);
                return;
            }

            // While messages wait, an outage is over only when one of them has arrived: a broker may accept connections and nothing else.
            Connected();
        }
    }

    private async Task DeliverAsync(IBrokerLink link, UplinkMessage message, CancellationToken cancellationToken)
    {
        using var span = StartSpan(message);
        using var timeout = new CancellationTokenSource(PublishTimeout, time);
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var started = time.GetTimestamp();
        try
        {
            await link.PublishAsync(message, span?.Id ?? message.TraceParent, attempt.Token).WaitAsync(AbandonTimeout, time, cancellationToken);
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

    private void Connected()
    {
        _pause = FirstPause;
        _attemptAt = null;
        if (uplink.State == UplinkState.Connected) return;

        uplink.State = UplinkState.Connected;
        if (_lostAt is { } lostAt) LogBack(connector!.Address, time.GetElapsedTime(lostAt).TotalSeconds, queue.Count);
        else LogConnected(connector!.Address);
        _lostAt = null;
    }

    private void Disconnected(Exception exception)
    {
        uplink.State = UplinkState.Disconnected;
        if (_lostAt is not null) return;

        _lostAt = _attemptAt ?? time.GetTimestamp();
        LogLost(connector!.Address, exception is NotTakenException ? exception.Message : exception.GetBaseException().Message);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "No broker is configured (ConnectionStrings:messaging): what is measured stays on this host")]
    private partial void LogDisabled();

    [LoggerMessage(Level = LogLevel.Information, Message = "Connected to the broker at {Broker}")]
    private partial void LogConnected(string broker);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker at {Broker} takes no messages, they wait: {Reason}")]
    private partial void LogLost(string broker, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The broker at {Broker} takes messages again after {OutageSeconds:0.0} s, {Count} still wait")]
    private partial void LogBack(string broker, double outageSeconds, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} messages were not delivered before the end")]
    private partial void LogUndelivered(int count);
}
