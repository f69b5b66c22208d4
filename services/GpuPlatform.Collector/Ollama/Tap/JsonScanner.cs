using System.Buffers;

namespace GpuPlatform.Collector.Ollama.Tap;

/// <summary>
/// Reads JSON documents that arrive split anywhere, keeping of them only what is looked for: a string or an array of megabytes is passed over as it comes.
/// What it keeps for that is a few hundred bytes. Documents it looks into are checked; of what it passes over only quotes and brackets are followed.
/// </summary>
internal sealed class JsonScanner
{
    // Deeper than any place that is looked for
    private const int DeepestLevel = 8;
    private const int LongestNameBytes = 32;
    private const int LongestScalarBytes = 64;

    private static readonly SearchValues<byte> StringStops = SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(code => (byte)code)]);
    private static readonly SearchValues<byte> ScalarStops = SearchValues.Create(",]} \t\r\n"u8);
    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"[]{}"u8);

    private readonly ReplyField _document;
    private readonly ReplyMeaning _meaning;
    private readonly Level[] _levels = new Level[DeepestLevel];
    private KeptBytes _kept;
    private int _depth;
    private long _skippedDepth;
    private State _state;
    private ReplyField? _field;
    private bool _isName;
    private bool _escaped;

    public JsonScanner(ReplyField document, ReplyMeaning meaning)
    {
        (_document, _meaning) = (document, meaning);
        EndDocument();
    }

    private enum State
    {
        // What has to come next
        Value,
        FirstItem,
        FirstName,
        Name,
        Colon,
        CommaOrEnd,
        Nothing,

        // What is read at this moment
        String,
        Scalar,
        Skipped,
        Garbage,
    }

    /// <summary>Reads on.</summary>
    public void Read(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = _state switch
            {
                State.String => InString(bytes),
                State.Scalar => InScalar(bytes),
                State.Skipped => InSkipped(bytes),
                State.Garbage => [],
                _ => Next(bytes),
            };
        }
    }

    /// <summary>No document goes on past here.</summary>
    public void EndDocument()
    {
        var isBetween = _state is State.Nothing or State.Garbage || (_state == State.Value && _depth == 0);
        if (!isBetween) _meaning.TakeGarbage();
        (_state, _depth, _skippedDepth, _field, _escaped) = (State.Value, 0, 0, _document, false);
    }

    private ReadOnlySpan<byte> Next(ReadOnlySpan<byte> bytes)
    {
        if (bytes[0] <= ' ')
        {
            bytes = bytes.TrimStart(" \t\r\n"u8);
            if (bytes.IsEmpty) return bytes;
        }
        var rest = bytes[1..];
        switch ((_state, (char)bytes[0]))
        {
            case (State.FirstName or State.Name, '"'):
                BeginString(isName: true, LongestNameBytes);
                return rest;
            case (State.Colon, ':'):
                _state = State.Value;
                return rest;
            case (State.CommaOrEnd, ','):
                BeginNext();
                return rest;
            case (State.FirstName, '}') or (State.FirstItem, ']'):
            case (State.CommaOrEnd, '}') when !_levels[_depth - 1].IsArray:
            case (State.CommaOrEnd, ']') when _levels[_depth - 1].IsArray:
                _depth--;
                EndValue();
                return rest;
            case (State.Value or State.FirstItem, _):
                return BeginValue(bytes, rest);
            default:
                return Garbage();
        }
    }

    private ReadOnlySpan<byte> BeginValue(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> rest)
    {
        switch ((char)bytes[0])
        {
            case '{':
                BeginContainer(isArray: false);
                return rest;
            // No reply is anything but an object
            case var _ when _depth == 0:
                return Garbage();
            case '[':
                BeginContainer(isArray: true);
                return rest;
            case '"':
                BeginString(isName: false, _field is null ? 0 : ReplyDraft.KeptBytes(_field.Value));
                return rest;
            default:
                _kept.Begin(LongestScalarBytes);
                _state = State.Scalar;
                return bytes;
        }
    }

    private void BeginContainer(bool isArray)
    {
        if (_field is not null) _meaning.Draft.TakeContainer(_field.Value);
        if (_field is null || _depth == DeepestLevel || !(isArray ? _field.Items is not null : _field.HasMembers))
        {
            _skippedDepth = 1;
            _state = State.Skipped;
            return;
        }
        _levels[_depth++] = new Level(_field, isArray);
        _field = _field.Items;
        _state = isArray ? State.FirstItem : State.FirstName;
    }

    private void BeginString(bool isName, int keptBytes)
    {
        _isName = isName;
        _kept.Begin(keptBytes);
        _state = State.String;
    }

    private void BeginNext()
    {
        var (parent, isArray) = _levels[_depth - 1];
        _field = parent.Items;
        _state = isArray ? State.Value : State.Name;
    }

    private ReadOnlySpan<byte> InString(ReadOnlySpan<byte> bytes)
    {
        var at = _escaped ? 1 : 0;
        _escaped = false;
        while (true)
        {
            var length = bytes[at..].IndexOfAny(StringStops);
            if (length < 0) break;
            at += length;
            if (bytes[at] == '"')
            {
                EndString(_kept.Complete(bytes[..at]));
                return bytes[(at + 1)..];
            }
            if (bytes[at] != '\\') return Garbage();
            at += 2;
            _escaped = at > bytes.Length;
            if (_escaped) break;
        }
        _kept.Append(bytes);
        return [];
    }

    private void EndString(ReadOnlySpan<byte> text)
    {
        if (_skippedDepth > 0)
        {
            _state = State.Skipped;
        }
        else if (_isName)
        {
            _field = _kept.IsCut ? null : _levels[_depth - 1].Field.Find(text);
            _state = State.Colon;
        }
        else
        {
            if (_field is not null && !_kept.IsEmpty) _meaning.Draft.TakeString(_field.Value, text);
            EndValue();
        }
    }

    private ReadOnlySpan<byte> InScalar(ReadOnlySpan<byte> bytes)
    {
        var length = bytes.IndexOfAny(ScalarStops);
        if (length < 0)
        {
            _kept.Append(bytes);
            return [];
        }
        var text = _kept.Complete(bytes[..length]);
        if (text.IsEmpty || _kept.IsCut || !_meaning.Draft.TakeScalar(_field?.Value ?? ReplyValue.None, text)) return Garbage();
        EndValue();
        return bytes[length..];
    }

    private ReadOnlySpan<byte> InSkipped(ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOfAny(Structure) is var at and >= 0)
        {
            var found = bytes[at];
            bytes = bytes[(at + 1)..];
            switch ((char)found)
            {
                case '"':
                    BeginString(isName: false, 0);
                    return bytes;
                case '[' or '{':
                    _skippedDepth++;
                    break;
                default:
                    if (--_skippedDepth > 0) break;
                    EndValue();
                    return bytes;
            }
        }
        return [];
    }

    private void EndValue()
    {
        _state = _depth > 0 ? State.CommaOrEnd : State.Nothing;
        if (_depth == 0) _meaning.TakeDocument();
    }

    private ReadOnlySpan<byte> Garbage()
    {
        _state = State.Garbage;
        _meaning.TakeGarbage();
        return [];
    }

    private readonly record struct Level(ReplyField Field, bool IsArray);
}
