using System.Buffers;

namespace GpuPlatform.Collector.Ollama.Tap;

/// <summary>Bytes that grow in an array of the pool. Give them back with <see cref="Dispose"/>.</summary>
internal struct PooledBytes : IDisposable
{
    private const int FirstBytes = 4 << 10;

    private byte[]? _bytes;

    public int Length { get; private set; }

    public readonly ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    public readonly ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public void Append(ReadOnlySpan<byte> more)
    {
        var length = Length + more.Length;
        if (_bytes is null || length > _bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(length, FirstBytes));
            Span.CopyTo(larger);
            Return();
            _bytes = larger;
        }
        more.CopyTo(_bytes.AsSpan(Length));
        Length = length;
    }

    public void Clear() => Length = 0;

    public void Dispose()
    {
        Return();
        Length = 0;
    }

    private void Return()
    {
        if (_bytes is null) return;
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = null;
    }
}
