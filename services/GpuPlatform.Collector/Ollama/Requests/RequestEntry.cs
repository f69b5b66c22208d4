using GpuPlatform.Collector.Ollama.Requests.Capture;
using GpuPlatform.Collector.Ollama.Requests.Clients;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Ollama.Requests;

/// <summary>Begins the record of a request with all that its head tells.</summary>
internal sealed class RequestEntry(RequestLog log, ClientIdentity clients, IOptions<OllamaOptions> options)
{
    private readonly int? _captureBytes = options.Value.CaptureContent ? options.Value.CaptureBytes : null;

    /// <param name="server">Whose proxy it came to.</param>
    /// <param name="endpoint">What it asks for.</param>
    /// <param name="http">The request.</param>
    /// <param name="keyName">Name of the API key it came with; null when it came with none that is known.</param>
    public LlmRequest Begin(ModelServer server, LlmEndpoint endpoint, HttpContext http, string? keyName = null) => log.Begin(
        server, endpoint, clients.Of(http, keyName), http.Request.Headers.TraceParent, ClientConnection.Of(http.Connection),
        _captureBytes is { } bytes ? new ContentCapture(http.Request.Headers, bytes) : null);
}
