namespace GpuPlatform.Collector.Ollama.Tap;

/// <summary>Turns the documents of a reply into its facts.</summary>
internal sealed class ReplyMeaning(ReplyFacts facts, LlmEndpoint endpoint, ReplyFraming framing, RecentRate rate, TimeProvider time)
{
    private const double LongestTicks = 31.0 * TimeSpan.TicksPerDay;
    private const double TicksOfNanosecond = 1.0 / TimeSpan.NanosecondsPerTick;

    private bool _usageTold;
    private bool _isOneDocument;

    /// <summary>The document under way.</summary>
    public ReplyDraft Draft { get; } = new();

    /// <summary>When what is read at this moment arrived.</summary>
    public long Now { get; set; }

    /// <summary>The document under way is whole.</summary>
    public void TakeDocument()
    {
        if (framing != ReplyFraming.Whole) TakePiece();
        TakeWords();
        TakeTokens();
        TakeTimings();
        _isOneDocument = framing == ReplyFraming.Whole;
        var isLast = framing != ReplyFraming.Whole && (Draft.IsDone || Draft.Event == ReplyEvent.End);
        facts.IsComplete = (facts.IsComplete || isLast) && facts.Error is null;
        Draft.Clear();
    }

    /// <summary>The document under way is none.</summary>
    public void TakeGarbage()
    {
        facts.Unparsed = true;
        _isOneDocument = false;
        Draft.Clear();
    }

    /// <summary>The event <c>[DONE]</c> came, which ends a stream of completions.</summary>
    public void TakeDone() => facts.IsComplete |= facts.Error is null && endpoint.Path is "/v1/chat/completions" or "/v1/completions";

    /// <summary>Nothing comes any more: only now is one document known to be all.</summary>
    public void TakeEnd() => facts.IsComplete |= _isOneDocument && facts.Error is null;

    private void TakePiece()
    {
        var kind = Draft.Has(ReplyValue.Delta) ? Draft.Event : ReplyEvent.None;
        var isVisible = kind is ReplyEvent.Text or ReplyEvent.ToolCall || Draft.Has(ReplyValue.Text) || Draft.Has(ReplyValue.ToolCall);
        if (!isVisible && kind != ReplyEvent.Thinking && !Draft.Has(ReplyValue.Thinking)) return;

        if (facts.LastTokenAt is { } last) (facts.Gaps ??= new GapHistogram()).Add(time.GetElapsedTime(last, Now));
        facts.FirstTokenAt ??= Now;
        if (isVisible) facts.FirstVisibleTokenAt ??= Now;
        facts.LastTokenAt = Now;
        rate.Take(Now, ++facts.TokenPieceCount);
    }

    private void TakeWords()
    {
        if (Draft.Model is { } model && facts.Model is null)
        {
            facts.Model = model;
            Draft.WantsModel = false;
        }
        facts.Remote |= Draft.Has(ReplyValue.Remote);
        facts.FinishReason = Draft.FinishReason ?? (Draft.Status is "in_progress" or "queued" ? null : Draft.Status) ?? facts.FinishReason;
        facts.Error ??= Draft.Error ?? ErrorBeside();
    }

    // Families differ in where the words stand, and one that has none failed too
    private string? ErrorBeside()
    {
        var isError = Draft.Has(ReplyValue.Error) || Draft.Event == ReplyEvent.Error;
        return isError || framing == ReplyFraming.Whole ? Draft.Message ?? (isError ? "the server told of an error without a word" : null) : null;
    }

    private void TakeTokens()
    {
        var prompt = Draft.Count(ReplyValue.PromptTokens) ?? PromptOfParts();
        var completion = Draft.Count(ReplyValue.CompletionTokens);
        // Some send a usage of zeros with every piece
        if (prompt is > 0 || completion is > 0)
        {
            _usageTold = true;
            facts.PromptTokens = prompt is > 0 ? prompt : facts.PromptTokens;
            facts.CompletionTokens = completion ?? facts.CompletionTokens;
            facts.ReasoningTokens = Draft.Count(ReplyValue.ReasoningTokens) ?? facts.ReasoningTokens;
            facts.CachedTokens = Cached() ?? facts.CachedTokens;
        }
        if (Draft.Count(ReplyValue.TimedPromptTokens) is not { } timed) return;
        var cached = Draft.Count(ReplyValue.TimedCachedTokens);
        facts.CachedTokens = cached ?? facts.CachedTokens;
        if (_usageTold) return;
        facts.PromptTokens = timed + (cached ?? 0);
        facts.CompletionTokens = Draft.Count(ReplyValue.TimedCompletionTokens) ?? facts.CompletionTokens;
    }

    private long? PromptOfParts() => Draft.Count(ReplyValue.UncachedTokens) is { } uncached
        ? uncached + (Draft.Count(ReplyValue.CachedTokens) ?? 0) + (Draft.Count(ReplyValue.CacheWrittenTokens) ?? 0)
        : null;

    // /v1/responses of Ollama says 0 whatever the cache had: there it is no answer
    private long? Cached() => Draft.Count(ReplyValue.CachedTokens) is { } cached && (cached > 0 || endpoint.Path != "/v1/responses") ? cached : null;

    private void TakeTimings()
    {
        facts.Total = Duration(ReplyValue.TotalNanoseconds, TicksOfNanosecond) ?? facts.Total;
        facts.Load = Duration(ReplyValue.LoadNanoseconds, TicksOfNanosecond) ?? facts.Load;
        facts.Prefill = Duration(ReplyValue.PrefillNanoseconds, TicksOfNanosecond)
            ?? Duration(ReplyValue.PrefillMilliseconds, TimeSpan.TicksPerMillisecond) ?? facts.Prefill;
        facts.Decode = Duration(ReplyValue.DecodeNanoseconds, TicksOfNanosecond)
            ?? Duration(ReplyValue.DecodeMilliseconds, TimeSpan.TicksPerMillisecond) ?? facts.Decode;
    }

    private TimeSpan? Duration(ReplyValue value, double ticks) =>
        Draft.Number(value) * ticks is { } length and <= LongestTicks ? TimeSpan.FromTicks((long)Math.Round(length)) : null;
}
