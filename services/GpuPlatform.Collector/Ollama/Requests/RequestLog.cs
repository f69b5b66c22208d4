using System.Collections.Concurrent;
using GpuPlatform.Collector.Ollama.Requests.Capture;
using GpuPlatform.Collector.Ollama.Requests.Clients;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Ollama.Requests;

/// <summary>Every request under way, and the way to those who want to know of one.</summary>
internal sealed partial class RequestLog(IEnumerable<IRequestObserver> observers, TimeProvider time, ILogger<RequestLog> logger)
{
    private readonly ConcurrentDictionary<Guid, LlmRequest> _running = new();
    private readonly IRequestObserver[] _observers = [.. observers];

    /// <summary>Requests under way, in no order.</summary>
    public IEnumerable<LlmRequest> Running => _running.Values;

    public LlmRequest Begin(
        ModelServer server, LlmEndpoint endpoint, LlmClient client, string? traceParent, ClientConnection? connection = null, ContentCapture? capture = null,
        string? traceState = null)
    {
        var request = new LlmRequest(server, endpoint, time.GetUtcNow(), time.GetTimestamp())
        {
            Client = client,
            TraceParent = traceParent,
            TraceState = traceState,
            Connection = connection,
            Capture = capture,
        };
        _running[request.Id] = request;
        foreach (var observer in _observers)
            try
            {
                observer.Began(request);
            }
            catch (Exception e)
            {
                // A request is answered whether or not it can be counted
                Log.ObserverFailed(logger, e);
            }
        return request;
    }

    /// <summary>Ends a request, once: whoever says it again is not heard.</summary>
    public void End(LlmRequest request, LlmOutcome outcome, string? error)
    {
        if (!_running.TryRemove(request.Id, out _)) return;
        var end = new RequestEnd(outcome, error, time.GetTimestamp());
        foreach (var observer in _observers)
            try
            {
                observer.Ended(request, end);
            }
            catch (Exception e)
            {
                Log.ObserverFailed(logger, e);
            }
        request.Dispose();
    }

    /// <summary>Cancels a request by hand; false when it is not under way.</summary>
    public bool Cancel(Guid id)
    {
        if (!_running.TryGetValue(id, out var request)) return false;
        request.Cancel();
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A request at a model server could not be recorded")]
        public static partial void ObserverFailed(ILogger logger, Exception exception);
    }
}
