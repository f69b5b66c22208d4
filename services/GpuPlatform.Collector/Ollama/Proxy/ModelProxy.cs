using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Collector.Ollama.Tap;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Ollama.Proxy;

/// <summary>Answers for one model server: passes everything on, and records what its models do.</summary>
internal sealed class ModelProxy(ModelServer server, Forwarder forwarder, RequestEntry entry, RequestLog log, TimeProvider time)
{
    public async Task AnswerAsync(HttpContext http)
    {
        if (LlmEndpoint.Find(http.Request.Method, http.Request.Path) is not { } endpoint)
        {
            await forwarder.ForwardAsync(http, server.Upstream, Body(http, null), null);
            return;
        }
        var request = entry.Begin(server, endpoint, http);
        request.Reply = new ReplyReader(endpoint, endpoint.StreamsByDefault);
        var result = new ForwardResult(LlmOutcome.Failed, null);
        try
        {
            result = await forwarder.ForwardAsync(http, server.Upstream, Body(http, request), request);
        }
        finally
        {
            log.End(request, result.Outcome ?? LlmOutcome.Ok, result.Error);
        }
    }

    private RequestContent? Body(HttpContext http, LlmRequest? request) =>
        http.Request.ContentLength is not null || http.Request.Headers.TransferEncoding.Count > 0
            ? new RequestContent(default, http.Request.BodyReader, http.Request.ContentLength, request, time)
            : null;
}
