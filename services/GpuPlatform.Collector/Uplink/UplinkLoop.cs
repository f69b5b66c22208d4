namespace GpuPlatform.Collector.Uplink;

/// <summary>
/// Delivers what waits, in order. Anything that goes wrong is answered in the same way: the link is thrown away, and after a pause a new
/// one is opened, which declares everything again and sends the same messages again. Beside that, what waits too long is put on disk.
/// </summary>
internal sealed partial class UplinkLoop(
    BrokerUplink uplink, UplinkBacklog backlog, IBrokerConnector? connector, UplinkMetrics metrics, TimeProvider time, ILogger<UplinkLoop> logger) : BackgroundService
{
    internal static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private TimeSpan _pause = FirstPause;
    private long? _attemptAt;
    private long? _lostAt;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // What can go to disk need not wait for a broker that is away
        var worthWaiting = connector is not null && (uplink.State == UplinkState.Connected || backlog.Spool is not { Problem: null });
        if (worthWaiting) await backlog.Emptied.WaitAsync(FlushTimeout, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // The disk is not to be waited for on a thread of a socket, neither here nor below
        await base.StopAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        // A disk that hangs in the middle of a call would keep this one waiting too
        if (connector is not null && ExecuteTask is { IsCompleted: true }) backlog.Close();
        var kept = backlog.Spool?.Count ?? 0;
        if (kept > 0) LogKept(kept);
        if (backlog.Count > kept) LogUndelivered(backlog.Count - kept);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (connector is null)
        {
            LogDisabled();
            return;
        }

        // What an earlier run left on disk may take a while to be read, and goes first
        await Task.Yield();
        backlog.Spill();
        await Task.WhenAll(DeliverAsync(connector, stoppingToken), SpillAsync(stoppingToken));
    }

    private async Task SpillAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await backlog.AtRiskAsync(stoppingToken);
            await Task.Delay(UplinkBacklog.SpillAfter, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            backlog.Spill();
        }
    }

    private async Task DeliverAsync(IBrokerConnector broker, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var link = await broker.ConnectAsync(stoppingToken);
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
        var delivery = new BatchDelivery(metrics, time);
        if (backlog.Count == 0) Connected();
        while (true)
        {
            await Task.WhenAny(backlog.Arrived, link.Closed).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            if (link.Closed.IsCompleted)
            {
                Disconnected(new NotTakenException(await link.Closed));
                return;
            }

            _attemptAt = time.GetTimestamp();
            if (backlog.Take(delivery.Window) is not { } batch) continue;
            var (confirmedCount, failure) = await delivery.DeliverAsync(link, batch.Messages, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            backlog.Complete(confirmedCount);
            cancellationToken.ThrowIfCancellationRequested();
            if (failure is not null)
            {
                Disconnected(failure);
                return;
            }

            // While messages wait, an outage is over only when one of them has arrived: a broker may accept connections and nothing else.
            Connected();
        }
    }

    private void Connected()
    {
        _pause = FirstPause;
        _attemptAt = null;
        if (uplink.State == UplinkState.Connected) return;

        uplink.State = UplinkState.Connected;
        if (_lostAt is { } lostAt) LogBack(connector!.Address, time.GetElapsedTime(lostAt).TotalSeconds, backlog.Count);
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

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} messages wait on disk for the next start")]
    private partial void LogKept(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} messages were not delivered before the end")]
    private partial void LogUndelivered(int count);
}
