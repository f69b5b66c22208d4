using GpuPlatform.Collector.Guard.Gate;
using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Ollama.Proxy;

/// <summary>Answers for one model server: passes everything on, and records what its models do.</summary>
internal sealed partial class ModelProxy(ModelServer server, ProxyGuard guard, Forwarder forwarder, ModelGate gate, GateKeeper keeper, RequestEntry entry, RequestLog log, bool asksForUsage, TimeProvider time, ILogger logger)
{
    private static readonly LlmClient Nobody = new() { Name = "unknown", Source = LlmClientSource.Unknown };

    private volatile bool _asksForUsage = asksForUsage;

    public async Task AnswerAsync(HttpContext http)
    {
        try
        {
            await AnswerOrFailAsync(http);
        }
        catch (Exception e)
        {
            Log.Failed(logger, server.Name, e);
            http.Abort();
        }
    }

    private Task AnswerOrFailAsync(HttpContext http)
    {
        var admission = guard.Admit(http.Request);
        if (LlmEndpoint.Find(http.Request.Method, http.Request.Path) is { } endpoint) return RecordAsync(http, endpoint, admission);
        if (admission.Status is { } status) return ErrorReply.WriteAsync(http, status, admission.Refusal!);
        return UnreadWork.MayBe(server, http.Request.Method, http.Request.Path) ? PassWorkAsync(http, admission) : PassAsync(http, admission);
    }

    private async Task PassAsync(HttpContext http, Admission admission)
    {
        using var exchange = new Exchange(http, server, admission.Renamed);
        if (exchange.Target.StartsWith('/')) await forwarder.ForwardAsync(exchange);
        // OPTIONS * is about the connection, and Ollama too has nothing to say to it
        else http.Response.ContentLength = 0;
    }

    // What cannot be read makes no record, but is let in, waited for and cancelled like all other work
    private async Task PassWorkAsync(HttpContext http, Admission admission)
    {
        using var request = new LlmRequest(server, LlmEndpoint.Unread, time.GetUtcNow(), time.GetTimestamp()) { Client = Nobody };
        using var exchange = new Exchange(http, server, admission.Renamed) { Request = request };
        try
        {
            var answer = gate.Enter(request, mayMove: false);
            if (answer.Passes || await keeper.FollowAsync(answer, exchange, request) is null) await forwarder.ForwardAsync(exchange);
        }
        finally
        {
            gate.Leave(request);
        }
    }

    private async Task RecordAsync(HttpContext http, LlmEndpoint endpoint, Admission admission)
    {
        var request = entry.Begin(server, endpoint, http);
        var end = (Outcome: LlmOutcome.Failed, Error: (string?)"the proxy failed: its log says why");
        try
        {
            end = admission.Status is { } status ? await RefuseAsync(http, request, status, admission.Refusal!) : await ForwardAsync(http, request, admission.Renamed);
        }
        finally
        {
            log.End(request, end.Outcome, end.Error);
        }
    }

    private static async Task<(LlmOutcome, string?)> RefuseAsync(HttpContext http, LlmRequest request, int status, string refusal)
    {
        request.StatusCode = status;
        await ErrorReply.WriteAsync(http, status, refusal);
        return (LlmOutcome.Refused, refusal);
    }

    private async Task<(LlmOutcome, string?)> ForwardAsync(HttpContext http, LlmRequest request, bool renamed)
    {
        using var exchange = new Exchange(http, server, renamed) { Request = request, UsageRefused = AskNoMoreForUsage };
        try
        {
            await exchange.PeekAsync(request, _asksForUsage, time, http.RequestAborted);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            var broken = await forwarder.BreakAsync(exchange, e);
            return (broken.Outcome ?? LlmOutcome.Aborted, broken.Error);
        }
        try
        {
            var answer = gate.Enter(request);
            if (!answer.Passes && await keeper.FollowAsync(answer, exchange, request) is { } end) return end;
            return ReplyEnd.Of(await forwarder.ForwardAsync(exchange), request);
        }
        finally
        {
            gate.Leave(request);
        }
    }

    private void AskNoMoreForUsage()
    {
        if (!_asksForUsage) return;
        _asksForUsage = false;
        Log.RefusesUsage(logger, server.Name);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A request for {Server} could not be answered")]
        public static partial void Failed(ILogger logger, string server, Exception exception);

        [LoggerMessage(Level = LogLevel.Information, Message = "{Server} does not know stream_options: tokens of its streams are estimated where the client does not ask for them")]
        public static partial void RefusesUsage(ILogger logger, string server);
    }
}
