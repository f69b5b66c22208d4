using GpuPlatform.Collector.Ollama.Requests.Capture;
using GpuPlatform.Collector.Ollama.Requests.Clients;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Ollama.Requests;

/// <summary>Begins the record of a request with all that its head tells.</summary>
internal sealed class RequestEntry(RequestLog log, ClientIdentity clients, IOptions<OllamaOptions> options)
{
    private readonly int? _captureBytes = options.Value.CaptureContent ? options.Value.CaptureBytes : null;

    public LlmRequest Begin(ModelServer server, LlmEndpoint endpoint, HttpContext http) => log.Begin(
        server, endpoint, clients.Of(http), http.Request.Headers.TraceParent, ClientConnection.Of(http.Connection),
        _captureBytes is { } bytes ? new ContentCapture(http.Request.Headers, bytes) : null, http.Request.Headers.TraceState);
}
