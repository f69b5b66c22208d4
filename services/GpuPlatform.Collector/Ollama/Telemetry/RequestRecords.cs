using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Collector.Ollama.Tap;
using GpuPlatform.Collector.Processes;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Ollama.Telemetry;

/// <summary>Makes the record of a request that has ended, all but its energy. What nobody told, and what cannot be, is null.</summary>
internal sealed class RequestRecords(string nodeId, TimeProvider time)
{
    internal const int LongestName = 256;
    internal const int LongestError = 512;
    private const int LongestWord = 64;

    public LlmRequestCompleted Of(LlmRequest request, RequestEnd end)
    {
        var facts = request.Reply?.Facts ?? new ReplyFacts();
        var record = new LlmRequestCompleted
        {
            NodeId = nodeId,
            RequestId = request.Id,
            StartedAt = GpuSampler.WholeMilliseconds(request.StartedAt),
            DurationMs = Math.Max(0, Milliseconds(request.StartedTimestamp, end.Timestamp) ?? 0),
            HeldMs = request.HeldTimestamp is { } held ? Milliseconds(held, request.ReleasedTimestamp ?? end.Timestamp) : null,
            Server = request.Server.Name,
            Endpoint = request.Endpoint.Path,
            Api = request.Endpoint.Api,
            Operation = request.Endpoint.Operation,
            Model = Cut(request.Facts.Model ?? facts.Model, LongestName),
            Client = request.Client,
            Streaming = request.Endpoint.Framing != ReplyFraming.Whole && (request.Facts.Stream ?? request.Endpoint.StreamsByDefault),
            Remote = IsRemote(request, facts),
            LoadOnly = request.Facts.LoadOnly,
            Outcome = end.Outcome,
            StatusCode = request.StatusCode,
            Error = Cut(end.Error ?? facts.Error, LongestError),
            FinishReason = Cut(facts.FinishReason, LongestWord),
            // A packed reply has no reader
            Unparsed = facts.Unparsed || (request.Reply is null && end.Outcome == LlmOutcome.Ok),
            RequestBytes = request.RequestBytes,
            ResponseBytes = request.ResponseBytes,
            Content = request.Capture?.ToContent(),
        };
        return WithWire(WithServer(WithTokens(record, request, facts), facts), request, facts);
    }

    /// <summary>True for a model that Ollama passes on to its makers' own machines: no GPU of this host works for it.</summary>
    public static bool IsRemote(LlmRequest request, ReplyFacts? facts) =>
        facts is { Remote: true } || (request.Server.IsOllama && (request.Facts.Model ?? facts?.Model) is { } model && IsCloud(model.AsSpan(model.LastIndexOf(':') + 1), model));

    // The tag says it: a model that is merely called my-cloud is at home
    private static bool IsCloud(ReadOnlySpan<char> tag, string model) => tag.Length < model.Length && (tag is "cloud" || tag.EndsWith("-cloud"));

    private static LlmRequestCompleted WithTokens(LlmRequestCompleted record, LlmRequest request, ReplyFacts facts)
    {
        var told = Count(facts.CompletionTokens);
        // Pieces are about tokens only where the reply came in pieces
        var counted = told is null && CameInPieces(request) && facts.TokenPieceCount > 0 ? facts.TokenPieceCount : (long?)null;
        var prompt = Count(facts.PromptTokens);
        return record with
        {
            PromptTokens = prompt,
            CachedTokens = Count(facts.CachedTokens) is { } cached && !(cached > prompt) ? cached : null,
            CompletionTokens = told ?? counted,
            TokensEstimated = counted is not null,
        };
    }

    private static LlmRequestCompleted WithServer(LlmRequestCompleted record, ReplyFacts facts)
    {
        var (load, prefill, decode) = (Milliseconds(facts.Load), Milliseconds(facts.Prefill), Milliseconds(facts.Decode));
        return record with
        {
            LoadMs = load,
            PrefillMs = prefill,
            DecodeMs = decode,
            // The server leaves out what is zero
            QueueMs = Milliseconds(facts.Total) is { } total ? Math.Max(0, total - (load ?? 0) - (prefill ?? 0) - (decode ?? 0)) : null,
            TokensPerSecondDecode = record.TokensEstimated ? null : PerSecond(record.CompletionTokens, decode),
            TokensPerSecondPrefill = PerSecond(record.PromptTokens - record.CachedTokens, prefill),
        };
    }

    private LlmRequestCompleted WithWire(LlmRequestCompleted record, LlmRequest request, ReplyFacts facts)
    {
        if (!CameInPieces(request) || facts.FirstTokenAt is not { } first) return record;
        var received = request.ReadyTimestamp ?? request.StartedTimestamp;
        var perToken = record.CompletionTokens >= 2 && facts.LastTokenAt is { } last && Milliseconds(first, last) is > 0 and var spent
            ? spent / (record.CompletionTokens - 1)
            : null;
        return record with
        {
            TimeToFirstTokenMs = Milliseconds(received, first),
            TimeToFirstVisibleTokenMs = facts.FirstVisibleTokenAt is { } visible ? Milliseconds(received, visible) : null,
            TimePerOutputTokenMs = perToken,
            TokensPerSecondWire = Finite(1e3 / perToken),
            InterTokenP50Ms = facts.Gaps?.P50Ms,
            InterTokenP95Ms = facts.Gaps?.P95Ms,
            InterTokenP99Ms = facts.Gaps?.P99Ms,
        };
    }

    private static bool CameInPieces(LlmRequest request) => request.Reply is { Framing: not ReplyFraming.Whole };

    private double? Milliseconds(long from, long to) => to >= from ? time.GetElapsedTime(from, to).TotalMilliseconds : null;

    private static double? Milliseconds(TimeSpan? duration) => duration >= TimeSpan.Zero ? duration.Value.TotalMilliseconds : null;

    private static double? PerSecond(long? tokens, double? milliseconds) => tokens > 0 && milliseconds > 0 ? Finite(tokens * 1e3 / milliseconds) : null;

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;

    private static long? Count(long? told) => told >= 0 ? told : null;

    private static string? Cut(string? text, int length) => text is null ? null : ProcessText.First(text, length);
}
