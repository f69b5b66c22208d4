using System.Net;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Ollama.Proxy;

/// <summary>What becomes of a server's reply whose head cannot go, since comments have begun the reply as a stream that went well.</summary>
internal static class BegunReply
{
    private const int MostBytes = 64 << 10;

    /// <summary>Whether the body can come after the comments: it is such a stream.</summary>
    public static bool CanFollow(HttpResponseMessage reply) => reply.StatusCode == HttpStatusCode.OK && ReplyHead.IsEventStream(reply);

    /// <summary>Tells in an event what the head would have told.</summary>
    /// <param name="exchange">The exchange; its reader of the reply takes the words from the body.</param>
    /// <param name="reply">The reply.</param>
    /// <param name="begun">The beginning of its body, when that was read already.</param>
    /// <param name="time">For the reader.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<ForwardResult> TellAsync(Exchange exchange, HttpResponseMessage reply, ReadOnlyMemory<byte> begun, TimeProvider time, CancellationToken cancellation)
    {
        var reader = exchange.Request?.Reply;
        reader?.Read(begun.Span, time.GetTimestamp());
        await using var body = await reply.Content.ReadAsStreamAsync(cancellation);
        var piece = new byte[8 << 10];
        for (var left = MostBytes - begun.Length; left > 0 && await body.ReadAsync(piece, cancellation) is var read and > 0; left -= read)
            reader?.Read(piece.AsSpan(0, read), time.GetTimestamp());
        reader?.End();
        var status = (int)reply.StatusCode;
        var message = reader?.Facts.Error ?? (reply.IsSuccessStatusCode ? "the server answered with no stream" : $"the server answered with status {status}");
        await ErrorReply.WriteEventAsync(exchange.Http, status, message);
        return reply.IsSuccessStatusCode ? new ForwardResult(LlmOutcome.Failed, message) : default;
    }
}
