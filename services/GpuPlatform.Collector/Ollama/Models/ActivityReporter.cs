using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Ollama.Models;

/// <summary>
/// Sends what the model servers do: every second while requests are under way, else when something changes and with every heartbeat interval. Without
/// model servers it sends nothing.
/// </summary>
internal sealed partial class ActivityReporter(
    string nodeId, ILlmServers servers, RunningRequests running, RequestWatch requests, ILlmPublisher publisher, IOptions<SamplingOptions> sampling,
    TimeProvider time, ILogger<ActivityReporter> logger) : BackgroundService
{
    private const int MostShown = 200;
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private bool _hasFailed;

    /// <summary>What is sent.</summary>
    public LlmActivity Look()
    {
        var underWay = running.Look();
        return new LlmActivity
        {
            NodeId = nodeId,
            SampledAt = GpuSampler.WholeMilliseconds(time.GetUtcNow()),
            Servers = servers.Current,
            InFlight = underWay.Count <= MostShown ? underWay : [.. underWay.Take(MostShown)],
            InFlightCount = underWay.Count,
        };
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        if (servers.Current.Count == 0) return;
        try
        {
            while (true)
            {
                var isBusy = Send();
                await Task.Delay(Pace, time, stoppingToken);
                if (!isBusy && sampling.Value.HostInterval > Pace) await requests.Activity.WaitAsync(sampling.Value.HostInterval - Pace, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end
        }
    }

    private bool Send()
    {
        try
        {
            var activity = Look();
            publisher.Publish(activity);
            _hasFailed = false;
            return activity.InFlightCount > 0;
        }
        catch (Exception e)
        {
            if (!_hasFailed) Log.Failed(logger, e);
            _hasFailed = true;
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "What the model servers do could not be sent; it is tried again, and further failures in a row are not logged")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
