using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Feed;

/// <summary>What one page knows of past hand-overs. While History is away it keeps the answer to the same view, and says why.</summary>
internal sealed class GuardPast(Func<HistoryClient> connect, TimeProvider time)
{
    private object? _answered;

    /// <summary>Newest first; at most as many as History gives at once.</summary>
    public IReadOnlyList<GuardChanged> Steps { get; private set; } = [];

    /// <summary>True when older steps of the range were left out.</summary>
    public bool HasMore { get; private set; }

    /// <summary>When History last answered; null before it did.</summary>
    public DateTimeOffset? ReadAt { get; private set; }

    /// <summary>Why the last attempt failed; null when it did not.</summary>
    public string? Problem { get; private set; }

    /// <summary>True when what is here answers that view.</summary>
    public bool Answers(object view) => view.Equals(_answered);

    /// <summary>Asks anew on behalf of <paramref name="view"/>, whatever stands for the choice that led to the question.</summary>
    public async Task ReadAsync(object view, LlmQuestion question, CancellationToken cancellationToken)
    {
        try
        {
            var page = await connect().GetGuardEventsAsync(question, cancellationToken);
            (Steps, HasMore) = (page.Events, page.NextCursor is not null);
            (ReadAt, Problem, _answered) = (time.GetUtcNow(), null, view);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Problem = HistoryProblem.Of(exception);
            // Left standing, the answer to another view would be taken for this one
            if (!Answers(view)) (Steps, HasMore, ReadAt, _answered) = ([], false, null, view);
        }
    }
}
