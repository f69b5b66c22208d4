using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Feed;

/// <summary>What one page knows of past processes and kinds of work. While History is away it keeps the answer to the same view, and says why.</summary>
internal sealed class UsagePast(Func<HistoryClient> connect, TimeProvider time)
{
    private object? _answered;

    public KindUsage? Usage { get; private set; }

    /// <summary>Last come first; at most as many as were asked for.</summary>
    public IReadOnlyList<ProcessSession> Sessions { get; private set; } = [];

    /// <summary>True when earlier ones of the range were left out.</summary>
    public bool HasMore { get; private set; }

    /// <summary>When History last answered; null before it did.</summary>
    public DateTimeOffset? ReadAt { get; private set; }

    /// <summary>Why the last attempt failed; null when it did not.</summary>
    public string? Problem { get; private set; }

    /// <summary>True when what is here answers that view.</summary>
    public bool Answers(object view) => view.Equals(_answered);

    /// <summary>Asks anew on behalf of <paramref name="view"/>, whatever stands for the choice that led to the question.</summary>
    public async Task ReadAsync(object view, LlmQuestion question, string? kind, int limit, CancellationToken cancellationToken)
    {
        try
        {
            var usage = connect().GetKindUsageAsync(question, cancellationToken);
            var sessions = connect().GetProcessSessionsAsync(question, kind, limit, cancellationToken);
            await Task.WhenAll(usage, sessions);
            (Usage, Sessions, HasMore) = (await usage, (await sessions).Sessions, (await sessions).NextCursor is not null);
            (ReadAt, Problem, _answered) = (time.GetUtcNow(), null, view);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Problem = HistoryProblem.Of(exception);
            // Left standing, the answer to another view would be taken for this one
            if (!Answers(view)) (Usage, Sessions, HasMore, ReadAt, _answered) = (null, [], false, null, view);
        }
    }
}
