using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using GpuPlatform.Collector.Ollama.Requests;

namespace GpuPlatform.Collector.Ollama.Proxy;

/// <summary>A request's body on its way to the model server: what was read ahead, then the rest as it comes.</summary>
/// <param name="ahead">What was read ahead, or stands in its place.</param>
/// <param name="rest">What is still to come; null when all of it was read ahead, and it can be sent again.</param>
/// <param name="length">Bytes in all; null when the client did not say.</param>
/// <param name="request">Is told what passed; null for one that nobody records.</param>
/// <param name="time">For the instant the last byte was read.</param>
internal sealed class RequestContent(IReadOnlyList<ReadOnlyMemory<byte>> ahead, PipeReader? rest, long? length, LlmRequest? request, TimeProvider time) : HttpContent
{
    // What is smaller fits into the buffers of a connection, so that it is sent whatever the server does
    private const int SmallBytes = 64 << 10;
    private const int FillBytes = 1 << 20;
    private const int MostAtOnce = 16;

    private static readonly AsyncLocal<RequestContent?> Current = new();

    private long _sentBytes;
    private volatile bool _stopped;

    /// <summary>The upload that the caller is a part of; null when it is part of none, or of a small one.</summary>
    public static RequestContent? Uploading => Current.Value;

    /// <summary>Whether a server may refuse it before it has all of it.</summary>
    public bool IsUpload => (length ?? (rest is null ? ahead.Sum(piece => (long)piece.Length) : long.MaxValue)) > SmallBytes;

    /// <summary>Is told when all of it is on the wire; null when nobody waits for that.</summary>
    public Action? Sent { get; init; }

    /// <summary>No more of it is wanted.</summary>
    public void StopReading()
    {
        _stopped = true;
        rest?.CancelPendingRead();
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (IsUpload) Current.Value = this;
        _sentBytes = 0;
        foreach (var piece in ahead) await SendAsync(stream, piece, cancellationToken);
        if (rest is not null) await PassRestAsync(rest, stream, cancellationToken);
        if (_stopped) await FillAsync(stream, cancellationToken);
        if (Sent is null) return;
        await stream.FlushAsync(cancellationToken);
        Sent();
    }

    protected override bool TryComputeLength(out long computed)
    {
        computed = length ?? 0;
        return length is not null;
    }

    private async Task PassRestAsync(PipeReader rest, Stream stream, CancellationToken cancellation)
    {
        var atOnce = 0;
        while (!_stopped)
        {
            var reading = rest.ReadAsync(cancellation);
            // A client that is never waited for must not keep the thread on which other streams are told of their bytes
            atOnce = reading.IsCompleted ? (atOnce + 1) % MostAtOnce : 1;
            if (atOnce == 0) await Task.Yield();
            var result = await reading;
            var buffer = result.Buffer;
            try
            {
                foreach (var piece in buffer)
                {
                    request?.Capture?.ReadRequest(piece.Span);
                    await SendAsync(stream, piece, cancellation);
                }
                if (request is not null) request.RequestBytes += buffer.Length;
                if (result.IsCompleted) break;
                await stream.FlushAsync(cancellation);
            }
            finally
            {
                rest.AdvanceTo(buffer.End);
            }
        }
        if (request is not null) request.ReceivedTimestamp ??= time.GetTimestamp();
    }

    private async ValueTask SendAsync(Stream stream, ReadOnlyMemory<byte> piece, CancellationToken cancellation)
    {
        await stream.WriteAsync(piece, cancellation);
        _sentBytes += piece.Length;
    }

    // The client in between insists on the length that was announced; these bytes leave for nowhere
    private async Task FillAsync(Stream stream, CancellationToken cancellation)
    {
        if (length is not { } all || _sentBytes >= all) return;
        // Nothing in here waits, so it must not run where sockets are listened to
        await Task.Yield();
        var nothing = ArrayPool<byte>.Shared.Rent(FillBytes);
        try
        {
            while (_sentBytes < all) await SendAsync(stream, nothing.AsMemory(0, (int)Math.Min(nothing.Length, all - _sentBytes)), cancellation);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(nothing);
        }
    }
}
