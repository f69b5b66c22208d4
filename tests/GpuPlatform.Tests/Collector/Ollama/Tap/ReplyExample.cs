using System.Text;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Ollama.Tap;

namespace GpuPlatform.Tests.Collector.Ollama.Tap;

/// <summary>A reply as a server sends it, and what it tells.</summary>
internal sealed record ReplyExample(string Name, string Path, bool Streams, string Body, Told Told)
{
    public LlmEndpoint Endpoint => LlmEndpoint.Find("POST", Path)!;

    public byte[] Bytes => Encoding.UTF8.GetBytes(Body);

    public ReplyFacts Read(IEnumerable<byte[]> reads, TimeProvider? time = null)
    {
        var reader = new ReplyReader(Endpoint, Streams, time);
        var timestamp = 1000L;
        foreach (var read in reads) reader.Read(read, timestamp++);
        reader.End();
        Assert.Null(reader.Failure);
        return reader.Facts;
    }

    public override string ToString() => Name;
}

/// <summary>Everything of a reply's facts that does not depend on when its bytes came.</summary>
internal sealed record Told
{
    public long Pieces { get; init; }
    public bool Visible { get; init; }
    public long? Prompt { get; init; }
    public long? Cached { get; init; }
    public long? Completion { get; init; }
    public long? Reasoning { get; init; }
    public double? TotalMs { get; init; }
    public double? LoadMs { get; init; }
    public double? PrefillMs { get; init; }
    public double? DecodeMs { get; init; }
    public string? Finish { get; init; }
    public string? Model { get; init; }
    public bool Remote { get; init; }
    public bool Complete { get; init; }
    public string? Error { get; init; }
    public bool Unparsed { get; init; }

    public static Told Of(ReplyFacts facts) => new()
    {
        Pieces = facts.TokenPieceCount,
        Visible = facts.FirstVisibleTokenAt is not null,
        Prompt = facts.PromptTokens,
        Cached = facts.CachedTokens,
        Completion = facts.CompletionTokens,
        Reasoning = facts.ReasoningTokens,
        TotalMs = facts.Total?.TotalMilliseconds,
        LoadMs = facts.Load?.TotalMilliseconds,
        PrefillMs = facts.Prefill?.TotalMilliseconds,
        DecodeMs = facts.Decode?.TotalMilliseconds,
        Finish = facts.FinishReason,
        Model = facts.Model,
        Remote = facts.Remote,
        Complete = facts.IsComplete,
        Error = facts.Error,
        Unparsed = facts.Unparsed,
    };
}
