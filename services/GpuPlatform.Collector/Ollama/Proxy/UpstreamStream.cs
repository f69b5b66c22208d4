using System.Net.Sockets;

namespace GpuPlatform.Collector.Ollama.Proxy;

/// <summary>
/// A connection to a model server. The HTTP client writes a whole request before it reads a byte, so a server that refuses an upload halfway and reads
/// no more would never be heard: here its answer is noticed while the upload still runs, and what is left of that goes nowhere. Such a connection is
/// used for nothing else: the request said that it is the last one.
/// </summary>
internal sealed class UpstreamStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    private readonly CancellationTokenSource _refused = new();
    private Task? _watch;

    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            return new UpstreamStream(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        RequestContent.Uploading is { } upload ? UploadAsync(upload, buffer, cancellationToken) : base.WriteAsync(buffer, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) _refused.Dispose();
    }

    private async ValueTask UploadAsync(RequestContent upload, ReadOnlyMemory<byte> buffer, CancellationToken cancellation)
    {
        _watch ??= WatchAsync(upload);
        if (_refused.IsCancellationRequested) return;
        try
        {
            await base.WriteAsync(buffer, _refused.Token);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && (e is OperationCanceledException || IsRefusal()))
        {
            await _refused.CancelAsync();
            upload.StopReading();
        }
    }

    // Without a place for a byte it completes when there is one, and takes none
    private async Task WatchAsync(RequestContent upload)
    {
        try
        {
            await Socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None);
            if (!IsRefusal()) return;
            await _refused.CancelAsync();
            upload.StopReading();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Whoever writes learns it too
        }
    }

    // An interim answer is none, and one that agrees may be meant to go beside the upload
    private bool IsRefusal()
    {
        Span<byte> start = stackalloc byte["HTTP/1.1 4".Length];
        try
        {
            var read = Socket.Receive(start, SocketFlags.Peek);
            return read == 0 || (read == start.Length && start.StartsWith("HTTP/1."u8) && start[^1] is >= (byte)'3' and <= (byte)'9');
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }
}
