using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Guard.Verdicts;

/// <summary>
/// The newest verdict on each process that is on a GPU now. Messages overtake each other: the newest observation wins, and of one instant, on two
/// GPUs, the surer verdict, as in the history.
/// </summary>
internal sealed class VerdictStore(LiveProcesses living) : IVerdicts
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(int Pid, DateTimeOffset StartedAt), ReceivedVerdict> _verdicts = [];
    private readonly List<(int Pid, DateTimeOffset StartedAt)> _ended = [];
    private int _tidiedAtCount = 16;

    public event Action? Changed;

    public int Count
    {
        get { lock (_gate) return _verdicts.Count; }
    }

    public ReceivedVerdict? Find(int pid, DateTimeOffset startedAt)
    {
        lock (_gate)
            return _verdicts.GetValueOrDefault((pid, startedAt));
    }

    /// <summary>Null when it was taken, else why not, in a word or two.</summary>
    public string? Add(ReceivedVerdict received, DateTimeOffset now)
    {
        var key = (received.Verdict.Pid, received.Verdict.StartedAt);
        // What is not on a GPU cannot be forgotten when it leaves it
        if (!living.Holds(key.Pid, key.StartedAt))
            return "ended";
        lock (_gate)
        {
            if (_verdicts.TryGetValue(key, out var known) && !IsNewer(received.Verdict, known.Verdict, now))
                return "older";
            _verdicts[key] = received;
            if (_verdicts.Count >= 2 * _tidiedAtCount)
                Tidy();
        }
        Changed?.Invoke();
        return null;
    }

    // A clock that was set back must not leave the last verdict standing until it has caught up
    private static bool IsNewer(ProcessClassified candidate, ProcessClassified known, DateTimeOffset now) =>
        known.ObservedAt > now || (candidate.ObservedAt, candidate.Confidence).CompareTo((known.ObservedAt, known.Confidence)) is var order
        && (order > 0 || order == 0 && string.CompareOrdinal(candidate.Rule, known.Rule) >= 0);

    // At twice what was left the last time: what has ended takes no more room than what lives
    private void Tidy()
    {
        _ended.Clear();
        foreach (var key in _verdicts.Keys)
            if (!living.Holds(key.Pid, key.StartedAt))
                _ended.Add(key);
        foreach (var key in _ended)
            _verdicts.Remove(key);
        _tidiedAtCount = Math.Max(16, _verdicts.Count);
    }
}
