using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Feed;

/// <summary>What one page knows of the past. While History is away it keeps the answer to the same view, and says why there is no newer one.</summary>
internal sealed class LlmReport(Func<HistoryClient> connect, TimeProvider time)
{
    public const int SessionCount = 25;

    private object? _answered;

    public LlmUsage? Usage { get; private set; }

    public IReadOnlyList<LlmRequestCompleted> Sessions { get; private set; } = [];

    /// <summary>When History last answered; null before it did.</summary>
    public DateTimeOffset? ReadAt { get; private set; }

    /// <summary>Why the last attempt failed; null when it did not.</summary>
    public string? Problem { get; private set; }

    /// <summary>True when what is here answers that view; an answer to another one stays until the next attempt has ended.</summary>
    public bool Answers(object view) => view.Equals(_answered);

    /// <summary>Asks anew on behalf of <paramref name="view"/>, whatever stands for the choice that led to the question.</summary>
    public async Task ReadAsync(object view, LlmQuestion question, string sort, string? outcome, CancellationToken cancellationToken)
    {
        try
        {
            var usage = connect().GetLlmUsageAsync(question, cancellationToken);
            var sessions = connect().GetLlmSessionsAsync(question, sort, outcome, SessionCount, cancellationToken);
            await Task.WhenAll(usage, sessions);
            (Usage, Sessions, ReadAt, Problem, _answered) = (await usage, (await sessions).Sessions, time.GetUtcNow(), null, view);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Problem = HistoryProblem.Of(exception);
            // Left standing, the answer to another view would be taken for this one
            if (!Answers(view)) (Usage, Sessions, ReadAt, _answered) = (null, [], null, view);
        }
    }
}
