using GpuPlatform.Collector.Ollama.Proxy;
using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Contracts;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Ollama.Models;

/// <summary>Looks after every model server, each at its own pace and none more often than once a second, and tells what its models do.</summary>
internal sealed partial class ResidencyPoll : BackgroundService, ILlmServers
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(30);

    private readonly ProxyHost _proxy;
    private readonly RequestWatch _requests;
    private readonly ILlmPublisher _publisher;
    private readonly ResidencyCounts _counts;
    private readonly ModelSizes _sizes;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TimeSpan _interval;
    private readonly IReadOnlyList<ServerWatch> _watches;

    public ResidencyPoll(
        string nodeId, IOptions<OllamaOptions> options, ProxyHost proxy, RequestLog log, RequestWatch requests, ILlmPublisher publisher, ResidencyCounts counts, ModelSizes sizes,
        TimeProvider time, ILogger<ResidencyPoll> logger)
    {
        (_proxy, _requests, _publisher, _counts, _sizes, _time, _logger) = (proxy, requests, publisher, counts, sizes, time, logger);
        _interval = options.Value.PollInterval;
        _watches = [.. options.Value.Servers().Select(server => new ServerWatch(server, nodeId, log, requests.Of(server), time, logger))];
    }

    public IReadOnlyList<LlmServer> Current => [.. _watches.Select(watch => Show(watch.Server, watch.Seen))];

    /// <summary>Models that are loaded again and again, in words.</summary>
    public IReadOnlyList<string> Thrashing => [.. _watches.SelectMany(watch => watch.Thrashing)];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        await Task.WhenAll(_watches.Select(watch => RunAsync(watch, stoppingToken)));
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        foreach (var watch in _watches) Tell(watch.Close());
    }

    public override void Dispose()
    {
        // What is under way ends as stopped, not as failed for want of a connection
        base.Dispose();
        foreach (var watch in _watches) watch.Dispose();
    }

    private async Task RunAsync(ServerWatch watch, CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                var before = watch.Seen;
                var changes = await watch.LookAsync(stopping);
                Tell(changes);
                if (changes.Count > 0 || before.Reachable != watch.Seen.Reachable || before.Problem != watch.Seen.Problem) _requests.Activity.Set();
                await RestAsync(watch, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The end
        }
    }

    private async Task RestAsync(ServerWatch watch, CancellationToken stopping)
    {
        var begun = _time.GetTimestamp();
        var pause = PauseAfter(watch.FailureCount);
        await Task.Delay(ShortestPause, _time, stopping);
        while (pause - _time.GetElapsedTime(begun) is var left && left > TimeSpan.Zero && !watch.WantsLook)
        {
            // With the first request of a model its name is still to come
            if (!watch.IsBusy) await _requests.Of(watch.Server).Nudge.WaitAsync(left, stopping);
            if (pause - _time.GetElapsedTime(begun) is var still && still > TimeSpan.Zero)
                await Task.Delay(still < ShortestPause ? still : ShortestPause, _time, stopping);
        }
    }

    // A server that is not there is asked less and less often
    private TimeSpan PauseAfter(int failures)
    {
        var longest = _interval > LongestBackOff ? _interval : LongestBackOff;
        var pause = _interval * Math.Pow(2, Math.Clamp(failures - 1, 0, 10));
        return pause < longest ? pause : longest;
    }

    private void Tell(IReadOnlyList<ModelResidencyChanged> changes)
    {
        foreach (var change in changes)
        {
            _counts.Count(change);
            _sizes.Note(change);
            if (change.Change == ResidencyChange.Thrashing) Log.Thrashes(_logger, change.Server, change.Reason);
            try
            {
                _publisher.Publish(change);
            }
            catch (Exception e)
            {
                Log.NotPublished(_logger, e, change.Model);
            }
        }
    }

    private LlmServer Show(ModelServer server, LlmServer seen)
    {
        var listens = _proxy.StateOf(server.Name);
        return seen with
        {
            Address = listens?.Address?.GetLeftPart(UriPartial.Authority),
            Problem = listens?.Problem is { } problem ? seen.Problem is { } other ? $"{problem}; {other}" : problem : seen.Problem,
        };
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Model server {Server} loads a model again and again: {Reason}")]
        public static partial void Thrashes(ILogger logger, string server, string? reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "A change of model {Model} could not be published")]
        public static partial void NotPublished(ILogger logger, Exception exception, string model);
    }
}
