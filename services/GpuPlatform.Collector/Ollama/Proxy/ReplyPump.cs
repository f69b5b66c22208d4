using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Collector.Ollama.Tap;

namespace GpuPlatform.Collector.Ollama.Proxy;

/// <summary>Passes the body of one reply: what was read is written at once, and only then looked at.</summary>
internal sealed class ReplyPump(HttpContext http, HttpResponseMessage reply, LlmRequest? request, UsageFilter? filter, TimeProvider time)
{
    private const int BufferBytes = 16 << 10;
    private const int MostAtOnce = 64;
    private const string Chunked = "chunked";

    // The web server cannot end a reply with trailers in HTTP/1.1; whoever says that there will be some writes the chunks itself
    private readonly bool _hasTrailers = reply.Headers.Trailer.Count > 0 && HttpProtocol.IsHttp11(http.Request.Protocol) && reply.Content.Headers.ContentLength is null;
    private readonly PipeWriter _writer = http.Response.BodyWriter;

    /// <summary>Passes everything; false when the client takes no more.</summary>
    /// <param name="begun">The beginning of the body, when that was read already.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<bool> RunAsync(ReadOnlyMemory<byte> begun, CancellationToken cancellation)
    {
        if (_hasTrailers) http.Response.Headers.TransferEncoding = Chunked;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            await using var body = await reply.Content.ReadAsStreamAsync(cancellation);
            if (!begun.IsEmpty && (await Pass(begun, cancellation)).IsCompleted) return false;
            var reading = body.ReadAsync(buffer, cancellation);
            // A head whose body lets wait for itself goes alone
            if (!reading.IsCompleted) await _writer.FlushAsync(cancellation);
            for (var atOnce = 0; await reading is var read and > 0;)
            {
                if ((await Pass(buffer.AsMemory(0, read), cancellation)).IsCompleted) return false;
                reading = body.ReadAsync(buffer, cancellation);
                // A server that is never waited for must not keep the thread on which other streams are told of their bytes
                atOnce = reading.IsCompleted ? (atOnce + 1) % MostAtOnce : 1;
                if (atOnce == 0) await Task.Yield();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        if (filter?.Finish() is { IsEmpty: false } rest)
        {
            var written = Write(rest, cancellation);
            Account(rest);
            await written;
        }
        if (_hasTrailers) await EndChunksAsync(cancellation);
        request?.Reply?.End();
        return true;
    }

    // No method of its own for the machine: it would be allocated anew for each piece that waits
    private ValueTask<FlushResult> Pass(ReadOnlyMemory<byte> piece, CancellationToken cancellation)
    {
        var arrived = time.GetTimestamp();
        var outgoing = filter?.Filter(piece) ?? piece;
        var written = outgoing.IsEmpty ? default : Write(outgoing, cancellation);
        // The copy is looked at while the bytes are already on their way
        request?.Reply?.Read(piece.Span, arrived);
        Account(outgoing);
        return written;
    }

    // What the client gets, not what was there for the proxy alone; and of what is packed nobody could read what was kept
    private void Account(ReadOnlyMemory<byte> outgoing)
    {
        if (request is null) return;
        request.ResponseBytes += outgoing.Length;
        if (request.Reply is not null) request.Capture?.Read(outgoing.Span);
    }

    private ValueTask<FlushResult> Write(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        if (!_hasTrailers) return _writer.WriteAsync(bytes, cancellation);
        byte[] chunk = [.. Encoding.ASCII.GetBytes($"{bytes.Length:x}\r\n"), .. bytes.Span, .. "\r\n"u8];
        return _writer.WriteAsync(chunk, cancellation);
    }

    private async Task EndChunksAsync(CancellationToken cancellation)
    {
        var end = new StringBuilder("0\r\n");
        foreach (var (name, values) in reply.TrailingHeaders.NonValidated)
            foreach (var value in values) end.Append(name).Append(": ").Append(value).Append("\r\n");
        await _writer.WriteAsync(Encoding.Latin1.GetBytes(end.Append("\r\n").ToString()), cancellation);
    }
}
