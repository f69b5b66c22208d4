namespace GpuPlatform.Collector.Ollama.Tap;

/// <summary>
/// Reads a copy of one reply while it passes, split anywhere. Never throws, whatever comes; its memory has a bound; a read allocates nothing.
/// </summary>
internal sealed class ReplyReader(LlmEndpoint endpoint, bool streams)
{
    public ReplyFacts Facts { get; } = new();

    /// <summary>How the reply is framed.</summary>
    public ReplyFraming Framing => streams ? endpoint.Framing : ReplyFraming.Whole;

    /// <summary>Takes the next bytes of the reply's body.</summary>
    /// <param name="bytes">A copy, or a span that is not touched any more while this runs.</param>
    /// <param name="timestamp">When they arrived.</param>
    public void Read(ReadOnlySpan<byte> bytes, long timestamp) => Facts.Unparsed |= !bytes.IsEmpty;

    /// <summary>The body has ended well.</summary>
    public void End() => Facts.IsComplete = true;
}
