using System.Buffers;
using System.IO.Pipelines;
using Microsoft.Net.Http.Headers;

namespace GpuPlatform.Collector.Ollama.Proxy;

/// <summary>
/// The beginning of a request's body, read before it is passed on. That costs no time: a model server begins when it has the whole of it. It costs at
/// most <see cref="MaxBytes"/> of pooled memory for each request, as much as the body has.
/// </summary>
internal sealed class RequestPeek : IDisposable
{
    /// <summary>Most that is read ahead. Of a longer body only the beginning is looked at, and nothing is put in.</summary>
    public const int MaxBytes = 4 << 20;

    private const int FirstBytes = 16 << 10;

    private byte[] _buffer;
    private int _length;

    private RequestPeek(int capacity) => _buffer = ArrayPool<byte>.Shared.Rent(capacity);

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <summary>Whether that is all of it.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Whether the body can be JSON as it stands: not packed, and not in parts.</summary>
    public static bool IsWorthwhile(HttpRequest request) =>
        request.Headers.ContentEncoding.All(coding => string.IsNullOrEmpty(coding) || coding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        && !(MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.Type.Equals("multipart", StringComparison.OrdinalIgnoreCase));

    public static async Task<RequestPeek> ReadAsync(PipeReader body, long? length, CancellationToken cancellation)
    {
        var peek = new RequestPeek((int)Math.Clamp(length ?? FirstBytes, 1, MaxBytes));
        try
        {
            while (!peek.IsWhole && peek._length < MaxBytes)
            {
                var result = await body.ReadAsync(cancellation);
                var taken = result.Buffer.Slice(0, Math.Min(result.Buffer.Length, MaxBytes - peek._length));
                peek.Take(taken);
                peek.IsWhole = result.IsCompleted && taken.Length == result.Buffer.Length;
                body.AdvanceTo(taken.End);
            }
            return peek;
        }
        catch
        {
            peek.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _length) = ([], 0);
    }

    private void Take(ReadOnlySequence<byte> bytes)
    {
        var length = _length + (int)bytes.Length;
        if (length > _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(length, Math.Min(2 * _buffer.Length, MaxBytes)));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length = length;
    }
}
