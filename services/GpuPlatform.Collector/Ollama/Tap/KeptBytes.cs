namespace GpuPlatform.Collector.Ollama.Tap;

/// <summary>A short text that may arrive in parts; only its beginning is kept, and only when there are parts.</summary>
internal struct KeptBytes
{
    private byte[]? _bytes;
    private int _length;
    private int _limit;

    /// <summary>There was nothing in it.</summary>
    public bool IsEmpty { get; private set; }

    /// <summary>It was longer than what is kept.</summary>
    public bool IsCut { get; private set; }

    public void Begin(int limit) => (_limit, _length, IsEmpty, IsCut) = (limit, 0, true, false);

    public void Append(ReadOnlySpan<byte> part)
    {
        IsEmpty &= part.IsEmpty;
        var length = Math.Min(part.Length, _limit - _length);
        IsCut |= length < part.Length;
        if (length == 0) return;
        if (_bytes is null || _length + length > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_length + length, 2 * (_bytes?.Length ?? 32)));
        part[..length].CopyTo(_bytes.AsSpan(_length));
        _length += length;
    }

    /// <summary>The text, whose last part this is.</summary>
    public ReadOnlySpan<byte> Complete(ReadOnlySpan<byte> part)
    {
        if (!IsEmpty)
        {
            Append(part);
            return _bytes.AsSpan(0, _length);
        }
        IsEmpty = part.IsEmpty;
        IsCut = part.Length > _limit;
        return IsCut ? part[.._limit] : part;
    }
}
