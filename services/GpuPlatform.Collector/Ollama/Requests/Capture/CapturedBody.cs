using System.Buffers;
using System.Text;

namespace GpuPlatform.Collector.Ollama.Requests.Capture;

/// <summary>
/// The beginning of a body, copied while it passes. Of what looks like base64, as images do, only the first characters are kept, so that the text
/// around it still has room. It takes no more memory than <paramref name="limit"/>, and a body of any length costs one look at each byte.
/// </summary>
internal sealed class CapturedBody(int limit)
{
    private const int LongestRun = 256;
    private const int FirstBytes = 4096;
    private const byte Backslash = (byte)'\\';

    private static readonly SearchValues<byte> Base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_="u8);

    private readonly Lock _gate = new();
    private byte[] _bytes = [];
    private int _length;
    private long _run;
    private bool _endsInBackslash;
    private bool _isFull;
    private bool _isCut;

    /// <summary>True when something is missing.</summary>
    public bool IsCut => _isCut;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        // An upload may still be under way when its reply has ended
        lock (_gate)
            while (!bytes.IsEmpty && !_isFull)
            {
                var isRun = Base64.Contains(bytes[0]);
                var end = isRun ? bytes.IndexOfAnyExcept(Base64) : bytes.IndexOfAny(Base64);
                var part = end < 0 ? bytes : bytes[..end];
                if (isRun) AddRun(part);
                else AddOther(part);
                bytes = bytes[part.Length..];
            }
    }

    /// <summary>What was kept; null when nothing came.</summary>
    public string? ToText()
    {
        lock (_gate)
        {
            if (_length == 0) return null;
            var text = Encoding.UTF8.GetString(WithoutHalfCharacter(_bytes.AsSpan(0, _length)));
            if (_endsInBackslash && !_isFull) text += '\\';
            // PostgreSQL takes no text with a zero in it
            return (_run > LongestRun ? text + Note() : text).Replace('\0', '\uFFFD');
        }
    }

    private void AddRun(ReadOnlySpan<byte> run)
    {
        if (_endsInBackslash)
        {
            _endsInBackslash = false;
            // Some write a slash within base64 as \/
            if (run[0] == (byte)'/')
            {
                if (_run < LongestRun) Write([Backslash]);
                _run++;
            }
            else
            {
                EndRun();
                Write([Backslash]);
            }
        }
        if (_run < LongestRun) Write(run[..(int)Math.Min(run.Length, LongestRun - _run)]);
        _run += run.Length;
        _isCut |= _run > LongestRun;
    }

    private void AddOther(ReadOnlySpan<byte> other)
    {
        if (_endsInBackslash) Write([Backslash]);
        _endsInBackslash = other is [Backslash] && _run > 0 && !_endsInBackslash;
        if (_endsInBackslash) return;
        EndRun();
        Write(other);
    }

    private void EndRun()
    {
        if (_run > LongestRun) Write(Encoding.UTF8.GetBytes(Note()));
        _run = 0;
    }

    private string Note() => $"…[{_run} characters]";

    private void Write(ReadOnlySpan<byte> bytes)
    {
        var room = limit - _length;
        if (bytes.Length > room)
        {
            (_isFull, _isCut) = (true, true);
            bytes = bytes[..room];
        }
        if (_length + bytes.Length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Min(limit, Math.Max(_length + bytes.Length, Math.Max(FirstBytes, 2 * _bytes.Length))));
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    private ReadOnlySpan<byte> WithoutHalfCharacter(ReadOnlySpan<byte> bytes) =>
        _isFull && Rune.DecodeLastFromUtf8(bytes, out _, out var length) != OperationStatus.Done ? bytes[..^length] : bytes;
}
