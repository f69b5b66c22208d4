using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace GpuPlatform.Tests.Doubles.Ollama;

/// <summary>A reply that is sent piece by piece. The head goes with the first piece, not before.</summary>
internal sealed class ReplyStream(Exchange exchange, string contentType, int chunkBytes = 0) : IDisposable
{
    private static readonly TimeSpan FinPatience = TimeSpan.FromSeconds(30);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        var http = exchange.Http;
        if (!http.Response.HasStarted) http.Response.ContentType = contentType;
        _hash.AppendData(bytes.Span);
        exchange.Seen.ReplyBytes += bytes.Length;
        var step = chunkBytes > 0 ? chunkBytes : bytes.Length;
        for (; bytes.Length > step; bytes = bytes[step..]) await http.Response.BodyWriter.WriteAsync(bytes[..step], exchange.Aborted);
        await http.Response.BodyWriter.WriteAsync(bytes, exchange.Aborted);
    }

    public void MarkPiece() => exchange.Seen.PieceTimestamps.Add(Stopwatch.GetTimestamp());

    public void End() => exchange.Seen.ReplySha256 = Convert.ToHexStringLower(_hash.GetHashAndReset());

    /// <summary>Resets the connection: what was sent may be lost on the way, as in life.</summary>
    public void Reset() => exchange.Http.Abort();

    /// <summary>Ends the connection in good order, in the middle of the body.</summary>
    public async Task FinAsync()
    {
        exchange.Http.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket.Shutdown(SocketShutdown.Send);
        await Pace.UntilAbortedAsync(FinPatience, exchange.Aborted);
        exchange.Http.Abort();
    }

    public void Dispose() => _hash.Dispose();
}
