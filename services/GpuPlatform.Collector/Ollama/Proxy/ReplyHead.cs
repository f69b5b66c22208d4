using System.Net;
using GpuPlatform.Collector.Ollama.Tap;

namespace GpuPlatform.Collector.Ollama.Proxy;

/// <summary>What the head of a reply says of its body.</summary>
internal static class ReplyHead
{
    private const string EventStream = "text/event-stream", Lines = "application/x-ndjson", Plain = "text/plain";

    public static bool IsEventStream(HttpResponseMessage reply) => HasType(reply, EventStream) && !IsPacked(reply);

    /// <summary>A reader for the body; null for one that is packed, and cannot be read without unpacking it, and for one of a path that is not known.</summary>
    public static ReplyReader? ReaderFor(LlmEndpoint endpoint, HttpResponseMessage reply, TimeProvider time) =>
        IsPacked(reply) || endpoint == LlmEndpoint.Unread ? null
        : new ReplyReader(endpoint, endpoint.Framing switch
        {
            ReplyFraming.Events => HasType(reply, EventStream),
            ReplyFraming.Lines => HasType(reply, Lines),
            _ => false,
        }, time)
        {
            PlainError = reply.StatusCode >= HttpStatusCode.BadRequest && HasType(reply, Plain) ? new PlainError() : null,
        };

    private static bool HasType(HttpResponseMessage reply, string type) => string.Equals(reply.Content.Headers.ContentType?.MediaType, type, StringComparison.OrdinalIgnoreCase);

    private static bool IsPacked(HttpResponseMessage reply) => reply.Content.Headers.ContentEncoding.Any(coding => !coding.Equals("identity", StringComparison.OrdinalIgnoreCase));
}
