using System.Buffers;

namespace GpuPlatform.Collector.Ollama.Proxy;

/// <summary>What a server said that refused a request into which something was put: whether it was because of that.</summary>
internal sealed class UsageRefusal : IDisposable
{
    private const int MostBytes = 64 << 10;

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(MostBytes);
    private int _length;

    /// <summary>The beginning of the reply's body.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    public bool IsOfUsage => Bytes.Span.IndexOf("stream_options"u8) >= 0 || Bytes.Span.IndexOf("include_usage"u8) >= 0;

    public static async Task<UsageRefusal> ReadAsync(HttpResponseMessage reply, CancellationToken cancellation)
    {
        var refusal = new UsageRefusal();
        try
        {
            var body = await reply.Content.ReadAsStreamAsync(cancellation);
            while (refusal._length < MostBytes && await body.ReadAsync(refusal._buffer.AsMemory(refusal._length, MostBytes - refusal._length), cancellation) is var read and > 0)
                refusal._length += read;
            return refusal;
        }
        catch
        {
            refusal.Dispose();
            throw;
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);
}
