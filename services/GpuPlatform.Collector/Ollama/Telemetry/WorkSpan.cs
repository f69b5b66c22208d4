using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Collector.Ollama.Tap;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Ollama.Telemetry;

/// <summary>A stretch of time in which a model worked for one request: reading its prompt, or generating.</summary>
/// <param name="From">Timestamp of its start.</param>
/// <param name="To">Timestamp of its end.</param>
/// <param name="Tokens">Tokens that were worked on in it; null while nobody can tell.</param>
internal readonly record struct WorkSpan(long From, long To, double? Tokens)
{
    /// <summary>Tokens for each unit of time.</summary>
    public double? Rate => Tokens > 0 && To > From ? Tokens / (To - From) : null;

    /// <summary>The spans of a request that has ended; none when no model worked for it on this host, or nobody can tell.</summary>
    public static IReadOnlyList<WorkSpan> Of(LlmRequest request, LlmRequestCompleted record, long endedAt, TimeProvider time)
    {
        var facts = request.Reply?.Facts;
        var worked = record.Outcome == LlmOutcome.Ok || facts is { FirstTokenAt: not null } || record.CompletionTokens > 0;
        if (record.Remote || record.LoadOnly || request.Facts.OnProcessor || facts is null || !worked) return [];
        var received = request.ReadyTimestamp ?? request.StartedTimestamp;
        var end = facts.LastTokenAt is { } last && request.Reply is { Framing: not ReplyFraming.Whole } ? last : endedAt;
        double? prompt = record.PromptTokens - (record.CachedTokens ?? 0);
        if (record.PrefillMs is null && record.DecodeMs is null)
            return Wire(received + Ticks((record.LoadMs ?? 0) + (record.QueueMs ?? 0)), facts.FirstTokenAt, end, prompt, record.CompletionTokens);
        // Loading and waiting come before: what the server said it worked for is the last of it
        var decodes = Math.Max(received, end - Ticks(record.DecodeMs ?? 0));
        return NotEmpty(new(Math.Max(received, decodes - Ticks(record.PrefillMs ?? 0)), decodes, prompt), new(decodes, end, record.CompletionTokens));

        // A server may say anything: a sum must not overflow
        long Ticks(double milliseconds) => (long)Math.Min(milliseconds / 1e3 * time.TimestampFrequency, 1e18);
    }

    /// <summary>The spans so far of a request under way.</summary>
    public static IReadOnlyList<WorkSpan> Of(LlmRequest running, long now)
    {
        var facts = running.Reply?.Facts;
        if (running.ReadyTimestamp is not { } received || running.Facts.LoadOnly || running.Facts.OnProcessor || RequestRecords.IsRemote(running, facts)) return [];
        return Wire(received, facts?.FirstTokenAt, now, facts?.PromptTokens, facts?.TokenPieceCount is > 0 and var pieces ? pieces : null);
    }

    // A whole reply arrives at once: its first token is its end, and tells nothing about when the prompt was read
    private static WorkSpan[] Wire(long received, long? first, long end, double? prompt, double? completion) => first < end
        ? NotEmpty(new(received, first.Value, prompt), new(first.Value, end, completion))
        : NotEmpty(new WorkSpan(received, end, completion is null && prompt is null ? null : (prompt ?? 0) + (completion ?? 0)));

    private static WorkSpan[] NotEmpty(params ReadOnlySpan<WorkSpan> spans)
    {
        var kept = new List<WorkSpan>(spans.Length);
        foreach (var span in spans)
            if (span.To > span.From) kept.Add(span);
        return [.. kept];
    }
}
