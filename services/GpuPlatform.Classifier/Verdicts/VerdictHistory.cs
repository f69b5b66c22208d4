using GpuPlatform.Classifier.Rules;
using GpuPlatform.Contracts;

namespace GpuPlatform.Classifier.Verdicts;

/// <summary>
/// The last verdict on each process, given here or by another replica, and the last observation that came here. Bounded in number, and forgotten some
/// time after the end of the process or the last word of it. Thread-safe.
/// </summary>
internal sealed class VerdictHistory(int capacity)
{
    internal static readonly TimeSpan ForgottenAfter = TimeSpan.FromHours(24);

    // It may still be on another GPU, and messages overtake each other
    internal static readonly TimeSpan ForgottenAfterExit = TimeSpan.FromMinutes(1);

    // No message waits as long and comes after a newer one: the clock of the host was set back
    internal static readonly TimeSpan ClockStep = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan NextInstant = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<ProcessId, LinkedListNode<Entry>> _entries = [];

    // The one that is to be forgotten next comes first
    private readonly LinkedList<Entry> _order = [];

    public int Count
    {
        get { lock (_gate) return _entries.Count; }
    }

    /// <summary>What is to be said of an observation; null when something newer was said already.</summary>
    public ProcessClassified? Judge(GpuProcessObserved observed, Verdict fresh, Func<string, RuleOwner> ownerOf, DateTimeOffset now)
    {
        lock (_gate)
        {
            var entry = Touch(ProcessId.Of(observed), now);
            var known = entry.Verdict;
            if (known is not null && observed.ObservedAt < known.ObservedAt)
            {
                if (known.ObservedAt - observed.ObservedAt < ClockStep)
                    return null;
                known = null;
            }
            entry.Observed = observed;
            return entry.Verdict = VerdictChange.Next(known, observed, fresh, ownerOf);
        }
    }

    /// <summary>A replica has said this.</summary>
    public void Note(ProcessClassified verdict, DateTimeOffset now)
    {
        lock (_gate)
        {
            var entry = Touch(ProcessId.Of(verdict), now);
            if (entry.Verdict is not { } known || (verdict.ObservedAt, verdict.Confidence).CompareTo((known.ObservedAt, known.Confidence)) > 0)
                entry.Verdict = verdict;
        }
    }

    /// <summary>The process has left a GPU.</summary>
    public void End(GpuProcessObserved exited, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(ProcessId.Of(exited), out var node))
                return;
            node.Value.ForgetAt = now + ForgottenAfterExit;
            _order.Remove(node);
            _order.AddFirst(node);
        }
    }

    /// <summary>
    /// The observations that came here and are the newest there are, each as one of the next instant: for verdicts by other rules. What came to another
    /// replica since is that one's to judge.
    /// </summary>
    public IReadOnlyList<GpuProcessObserved> Newest()
    {
        lock (_gate)
            return
            [
                .. _order.Where(entry => entry.Observed is { } observed && entry.Verdict is { } verdict && observed.ObservedAt == verdict.ObservedAt)
                    .Select(entry => entry.Observed! with { ObservedAt = entry.Observed!.ObservedAt + NextInstant }),
            ];
    }

    private Entry Touch(ProcessId id, DateTimeOffset now)
    {
        if (_entries.TryGetValue(id, out var node))
            _order.Remove(node);
        else
            _entries.Add(id, node = new LinkedListNode<Entry>(new Entry(id)));
        node.Value.ForgetAt = now + ForgottenAfter;
        _order.AddLast(node);
        while (_order.First is { } first && (first.Value.ForgetAt <= now || _order.Count > capacity))
        {
            _order.RemoveFirst();
            _entries.Remove(first.Value.Id);
        }
        return node.Value;
    }

    private readonly record struct ProcessId(string NodeId, int Pid, DateTimeOffset StartedAt)
    {
        public static ProcessId Of(GpuProcessObserved observed) => new(observed.NodeId, observed.Pid, observed.StartedAt);

        public static ProcessId Of(ProcessClassified verdict) => new(verdict.NodeId, verdict.Pid, verdict.StartedAt);
    }

    private sealed class Entry(ProcessId id)
    {
        public ProcessId Id => id;

        public ProcessClassified? Verdict { get; set; }

        public GpuProcessObserved? Observed { get; set; }

        public DateTimeOffset ForgetAt { get; set; }
    }
}
