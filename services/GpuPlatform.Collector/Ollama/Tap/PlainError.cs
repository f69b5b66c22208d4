using System.Text;

namespace GpuPlatform.Collector.Ollama.Tap;

/// <summary>An error that a server tells as plain text, as Ollama's router does: its first line, bounded.</summary>
internal sealed class PlainError
{
    private const int LongestBytes = 512;

    private readonly byte[] _line = new byte[LongestBytes];
    private int _length;
    private bool _isEnded;

    public void Read(ReadOnlySpan<byte> bytes)
    {
        if (_isEnded) return;
        if (_length == 0) bytes = bytes.TrimStart(" \t\r\n"u8);
        var end = bytes.IndexOfAny((byte)'\n', (byte)'\r');
        var line = end < 0 ? bytes : bytes[..end];
        line = line[..Math.Min(line.Length, LongestBytes - _length)];
        line.CopyTo(_line.AsSpan(_length));
        _length += line.Length;
        _isEnded = end >= 0 || _length == LongestBytes;
    }

    /// <summary>The words; null when there are none. A document under a false name has none: it could repeat the prompt.</summary>
    public string? ToText() =>
        _length == 0 || _line[0] is (byte)'{' or (byte)'[' or (byte)'"' or (byte)'<' ? null : Encoding.UTF8.GetString(_line.AsSpan(0, _length)).TrimEnd();
}
