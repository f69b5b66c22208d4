using GpuPlatform.Collector.Questions;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Collector.Uplink;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Guard.Verdicts;

/// <summary>
/// Listens to the classifier for as long as the host runs. What it said while nobody listened is asked for again: the processes that are there are
/// published as they were, which the history takes for the repetition it is. Questions come by the same connection and are passed on.
/// </summary>
internal sealed partial class VerdictFeed(
    string nodeId, IFeedConnector? connector, Func<bool> isUplinkConnected, VerdictStore verdicts, LiveProcesses living, IPublisher publisher, VerdictMetrics metrics, TimeProvider time,
    ILogger<VerdictFeed> logger, QuestionDesk? questions = null) : BackgroundService
{
    private static readonly string Questions = WireTopology.ExchangeFor<NodeAsked>();
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private const int ToldAtFailure = 3;

    private int _failureCount;
    private bool _isLost;
    private bool _hasFailed;

    /// <summary>Whether verdicts come as they are given; null when no broker is configured.</summary>
    public bool? IsConnected { get; private set; } = connector is null ? null : false;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (connector is null)
            return;
        await Task.Yield();
        var pause = FirstPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            var began = time.GetTimestamp();
            try
            {
                await using var link = await connector.ConnectAsync(Receive, stoppingToken);
                Connected();
                Disconnected(await link.Closed.WaitAsync(stoppingToken));
            }
            catch (Exception e)
            {
                if (stoppingToken.IsCancellationRequested)
                    return;
                Disconnected(e.GetBaseException().Message);
            }
            // One that lasted was a good one; one that breaks at once will do so again
            if (time.GetElapsedTime(began) > LongestPause)
                pause = FirstPause;
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>Takes one message. Never throws.</summary>
    internal FeedAnswer? Receive(string exchange, ReadOnlySpan<byte> body, string? traceParent)
    {
        if (exchange == Questions)
            return questions?.Take(body, traceParent);
        try
        {
            var now = time.GetUtcNow();
            var problem = VerdictReader.Read(body, nodeId, now, out var verdict);
            if (verdict is not null)
                problem = verdicts.Add(new ReceivedVerdict(verdict, traceParent), now);
            metrics.Count(problem);
        }
        catch (Exception e)
        {
            // Whoever follows the verdicts has failed: the next one may help it
            metrics.Count("failed");
            if (!_hasFailed)
                Log.Failed(logger, e);
            _hasFailed = true;
        }
        return null;
    }

    private void Connected()
    {
        IsConnected = true;
        if (_isLost)
            Log.Back(logger, connector!.Address);
        (_isLost, _failureCount) = (false, 0);
        foreach (var process in living.Rows)
            publisher.Publish(process);
    }

    private void Disconnected(string reason)
    {
        IsConnected = false;
        // The uplink says when the broker is away; news is when nothing is wrong but this
        if (_isLost || ++_failureCount < ToldAtFailure || !isUplinkConnected())
            return;
        _isLost = true;
        Log.Lost(logger, connector!.Address, reason);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "No verdicts come from the broker at {Broker}, it is tried again until they do: {Reason}")]
        public static partial void Lost(ILogger logger, string broker, string reason);

        [LoggerMessage(Level = LogLevel.Information, Message = "Verdicts come from the broker at {Broker} again")]
        public static partial void Back(ILogger logger, string broker);

        [LoggerMessage(Level = LogLevel.Error, Message = "A verdict could not be taken by whoever follows them; further failures are only counted")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
