namespace GpuPlatform.Collector.Ollama.Tap;

/// <summary>
/// Reads a copy of one reply while it passes, split anywhere. Never throws, whatever comes; its memory has a bound; a read allocates nothing.
/// </summary>
internal sealed class ReplyReader
{
    private readonly ReplyMeaning _meaning;
    private readonly JsonScanner _scanner;
    private readonly EventLines? _events;
    private readonly RecentRate _rate;
    private int _markLength;

    /// <param name="endpoint">What was asked.</param>
    /// <param name="streams">True when the reply is framed as the endpoint's streams are; else it is one document.</param>
    /// <param name="time">The clock whose timestamps come with the bytes.</param>
    public ReplyReader(LlmEndpoint endpoint, bool streams, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        Framing = streams ? endpoint.Framing : ReplyFraming.Whole;
        _rate = new RecentRate(time);
        _meaning = new ReplyMeaning(Facts, endpoint, Framing, _rate, time);
        _scanner = new JsonScanner(ReplyShapes.Of(endpoint), _meaning);
        _events = Framing == ReplyFraming.Events ? new EventLines(_scanner, _meaning) : null;
    }

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    public ReplyFacts Facts { get; } = new();

    /// <summary>Keeps the words of an error that is told as plain text; null unless this may be one.</summary>
    public PlainError? PlainError { get; init; }

    /// <summary>How the reply is framed.</summary>
    public ReplyFraming Framing { get; }

    /// <summary>What went wrong in this reader, which is a defect: the reply passes unread since. Null as long as nothing did.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Takes the next bytes of the reply's body.</summary>
    /// <param name="bytes">A copy, or a span that is not touched any more while this runs.</param>
    /// <param name="timestamp">When they arrived.</param>
    public void Read(ReadOnlySpan<byte> bytes, long timestamp)
    {
        if (Failure is not null) return;
        try
        {
            PlainError?.Read(bytes);
            _meaning.Now = timestamp;
            ReadFraming(_markLength < ByteOrderMark.Length ? PastMark(bytes) : bytes);
        }
        catch (Exception e)
        {
            (Failure, Facts.Unparsed) = (e, true);
        }
    }

    /// <summary>The body has ended well.</summary>
    public void End()
    {
        if (Failure is not null) return;
        try
        {
            _events?.End();
            _meaning.TakeEnd();
        }
        catch (Exception e)
        {
            (Failure, Facts.Unparsed) = (e, true);
        }
        if (Facts.Error is null && PlainError?.ToText() is { } words) (Facts.Error, Facts.IsComplete, Facts.Unparsed) = (words, false, false);
    }

    /// <summary>Token pieces per second over the last five seconds; null before two. May be asked from any thread.</summary>
    public double? TokensPerSecond(long now) => _rate.PerSecond(now, Facts.TokenPieceCount);

    private void ReadFraming(ReadOnlySpan<byte> bytes)
    {
        switch (Framing)
        {
            case ReplyFraming.Events:
                _events!.Read(bytes);
                break;
            case ReplyFraming.Lines:
                ReadLines(bytes);
                break;
            default:
                _scanner.Read(bytes);
                break;
        }
    }

    private void ReadLines(ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOf((byte)'\n') is var length and >= 0)
        {
            _scanner.Read(bytes[..length]);
            _scanner.EndDocument();
            bytes = bytes[(length + 1)..];
        }
        _scanner.Read(bytes);
    }

    private ReadOnlySpan<byte> PastMark(ReadOnlySpan<byte> bytes)
    {
        while (_markLength < ByteOrderMark.Length && !bytes.IsEmpty)
        {
            if (bytes[0] != ByteOrderMark[_markLength])
            {
                _markLength = ByteOrderMark.Length;
                break;
            }
            _markLength++;
            bytes = bytes[1..];
        }
        return bytes;
    }
}
