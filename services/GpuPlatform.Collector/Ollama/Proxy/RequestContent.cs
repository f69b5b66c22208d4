using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using GpuPlatform.Collector.Ollama.Requests;

namespace GpuPlatform.Collector.Ollama.Proxy;

/// <summary>A request's body on its way to the model server: what was read ahead, then the rest as it comes.</summary>
/// <param name="ahead">Bytes already taken from <paramref name="rest"/>, or what stands in their place.</param>
/// <param name="rest">What is still to come.</param>
/// <param name="length">Bytes in all; null when the client did not say.</param>
/// <param name="request">Is told what passed; null for one that nobody records.</param>
/// <param name="time">For the instant the last byte was read.</param>
internal sealed class RequestContent(ReadOnlyMemory<byte> ahead, PipeReader rest, long? length, LlmRequest? request, TimeProvider time) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        request?.Capture?.ReadRequest(ahead.Span);
        if (!ahead.IsEmpty) await stream.WriteAsync(ahead, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var result = await rest.ReadAsync(cancellationToken).ConfigureAwait(false);
            var buffer = result.Buffer;
            try
            {
                foreach (var piece in buffer) await stream.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
                if (request is not null) request.RequestBytes += buffer.Length;
                if (request?.Capture is { } capture) foreach (var piece in buffer) capture.ReadRequest(piece.Span);
                if (result.IsCompleted) break;
                await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                rest.AdvanceTo(buffer.End);
            }
        }
        if (request is not null) request.ReceivedTimestamp ??= time.GetTimestamp();
    }

    protected override bool TryComputeLength(out long computed)
    {
        computed = length ?? 0;
        return length is not null;
    }
}
