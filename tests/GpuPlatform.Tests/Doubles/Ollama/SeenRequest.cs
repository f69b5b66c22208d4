using System.Diagnostics;

namespace GpuPlatform.Tests.Doubles.Ollama;

/// <summary>A request as it arrived at the double, and what became of it. Timestamps are those of <see cref="Stopwatch.GetTimestamp"/>.</summary>
internal sealed class SeenRequest
{
    /// <summary>1 for the first.</summary>
    public required int Number { get; init; }

    public required string Method { get; init; }

    /// <summary>Path and query as they stood in the request line.</summary>
    public required string Target { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>The body's first bytes, all of them up to a few megabytes.</summary>
    public byte[] Body { get; set; } = [];

    public long BodyBytes { get; set; }

    public string BodySha256 { get; set; } = "";

    public string? Model { get; set; }

    public bool Streams { get; set; }

    public int Status { get; set; }

    /// <summary>Tokens as the double counted them, whether or not it told; null when it generated nothing.</summary>
    public int? PromptTokens { get; set; }

    /// <summary>Generated tokens of a whole reply, else those that were sent.</summary>
    public int? CompletionTokens { get; set; }

    /// <summary>Bytes of the reply's body.</summary>
    public long ReplyBytes { get; set; }

    public string ReplySha256 { get; set; } = "";

    /// <summary>The request was there with its last byte.</summary>
    public long? ReceivedTimestamp { get; set; }

    /// <summary>When each token piece was handed to the socket.</summary>
    public List<long> PieceTimestamps { get; } = [];

    /// <summary>The client was seen to be gone before the reply was whole.</summary>
    public long? AbortedTimestamp { get; private set; }

    public bool Ended { get; private set; }

    public string? Header(string name) => Headers.FirstOrDefault(header => string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase)).Value;

    public void Abort()
    {
        if (!Ended) AbortedTimestamp ??= Stopwatch.GetTimestamp();
    }

    public void End() => Ended = true;
}
