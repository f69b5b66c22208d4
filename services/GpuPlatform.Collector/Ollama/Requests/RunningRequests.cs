using GpuPlatform.Collector.Ollama.Telemetry;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Ollama.Requests;

/// <summary>The requests under way as they are shown.</summary>
internal sealed class RunningRequests(RequestLog log, TimeProvider time)
{
    /// <summary>Oldest first.</summary>
    public IReadOnlyList<LlmRunningRequest> Look()
    {
        var now = time.GetTimestamp();
        return [.. log.Running.OrderBy(request => request.StartedTimestamp).ThenBy(request => request.Id).Select(request => Show(request, now))];
    }

    private LlmRunningRequest Show(LlmRequest request, long now)
    {
        var reply = request.Reply?.Facts;
        var firstToken = Known(reply?.FirstTokenAt);
        return new LlmRunningRequest
        {
            RequestId = request.Id,
            StartedAt = request.StartedAt,
            AgeMs = Math.Max(0, time.GetElapsedTime(request.StartedTimestamp, now).TotalMilliseconds),
            Server = request.Server.Name,
            Endpoint = request.Endpoint.Path,
            Model = request.Facts.Model,
            Client = request.Client,
            Phase = firstToken is not null ? Known(reply?.FirstVisibleTokenAt) is null ? LlmPhase.Thinking : LlmPhase.Answering
                : request.IsHeld ? LlmPhase.Held
                : Known(request.ReceivedTimestamp) is null && request.ResponseBytes == 0 ? LlmPhase.Receiving : LlmPhase.Waiting,
            Tokens = reply?.TokenPieceCount ?? 0,
            TokensPerSecond = request.Reply?.TokensPerSecond(now),
            TimeToFirstTokenMs = firstToken is { } first && Known(request.ReadyTimestamp) is { } received
                ? Math.Max(0, time.GetElapsedTime(received, first).TotalMilliseconds) : null,
            Remote = RequestRecords.IsRemote(request, reply),
        };
    }

    // Another thread writes it at this moment: what is half there is not there yet
    private static long? Known(long? timestamp) => timestamp is > 0 ? timestamp : null;
}
