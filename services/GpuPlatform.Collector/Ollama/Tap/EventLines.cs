namespace GpuPlatform.Collector.Ollama.Tap;

/// <summary>Finds the documents in server-sent events that arrive split anywhere. Everything but data is passed over.</summary>
internal sealed class EventLines(JsonScanner scanner, ReplyMeaning meaning)
{
    private const int OtherField = -1;
    private const int NotDone = -1;

    private static ReadOnlySpan<byte> Data => "data:"u8;

    private static ReadOnlySpan<byte> Done => "[DONE]"u8;

    private bool _lineBegun;
    private bool _afterReturn;

    // Bytes of the field's name that were seen
    private int _nameLength;
    private bool _valueBegun;
    private bool _dataBegun;

    // Bytes of the mark that were seen, where it can only be that
    private int? _doneLength;

    public void Read(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_afterReturn && bytes[0] == '\n') bytes = bytes[1..];
            _afterReturn = false;
            var length = bytes.IndexOfAny((byte)'\n', (byte)'\r');
            if (length < 0)
            {
                ReadLine(bytes);
                return;
            }
            ReadLine(bytes[..length]);
            EndLine();
            _afterReturn = bytes[length] == '\r';
            bytes = bytes[(length + 1)..];
        }
    }

    private void ReadLine(ReadOnlySpan<byte> part)
    {
        if (part.IsEmpty) return;
        _lineBegun = true;
        while (_nameLength >= 0 && _nameLength < Data.Length && !part.IsEmpty)
        {
            _nameLength = part[0] == Data[_nameLength] ? _nameLength + 1 : OtherField;
            part = part[1..];
        }
        if (part.IsEmpty || _nameLength == OtherField) return;
        if (!_valueBegun && part[0] == ' ') part = part[1..];
        _valueBegun = true;
        if (!part.IsEmpty) ReadData(part);
    }

    private void ReadData(ReadOnlySpan<byte> data)
    {
        // Every document is an object
        if (!_dataBegun && data[0] == '[') _doneLength = 0;
        _dataBegun = true;
        if (_doneLength is not { } length)
        {
            scanner.Read(data);
            return;
        }
        if (length == NotDone) return;
        _doneLength = Done[length..].StartsWith(data) ? length + data.Length : NotDone;
        if (_doneLength == NotDone) meaning.TakeGarbage();
    }

    // The stream may end with its last line
    public void End()
    {
        if (_lineBegun) EndLine();
    }

    private void EndLine()
    {
        if (!_lineBegun)
        {
            scanner.EndDocument();
            (_dataBegun, _doneLength) = (false, null);
        }
        // The lines of one event are lines of one document
        else if (_valueBegun && _doneLength is null)
        {
            scanner.Read("\n"u8);
        }
        if (_doneLength == Done.Length) meaning.TakeDone();
        (_lineBegun, _nameLength, _valueBegun) = (false, 0, false);
    }
}
