namespace GpuPlatform.Collector.Ollama.Tap;

/// <summary>Finds where server-sent events end, in a stream split anywhere. Lines may end with LF, CRLF or CR.</summary>
internal struct EventEnd
{
    private bool _lineBegun;

    /// <summary>True when the last byte was a CR: an LF that follows belongs to it.</summary>
    public bool AfterReturn { get; private set; }

    /// <summary>How many of these bytes belong to the event under way, its blank line included; null when it goes on after them.</summary>
    public int? Find(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        if (AfterReturn && !bytes.IsEmpty)
        {
            if (bytes[0] == '\n') at = 1;
            AfterReturn = false;
        }
        while (at < bytes.Length)
        {
            var length = bytes[at..].IndexOfAny((byte)'\n', (byte)'\r');
            if (length != 0) _lineBegun = true;
            if (length < 0) return null;

            at += length;
            AfterReturn = bytes[at++] == '\r';
            if (AfterReturn && at < bytes.Length && bytes[at] == '\n')
            {
                AfterReturn = false;
                at++;
            }
            if (!_lineBegun) return at;
            _lineBegun = false;
        }
        return null;
    }
}
