using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Readings;

/// <summary>One story: the steps from the first draining to serving again, as far as they are known.</summary>
public sealed record HandOver(Guid Id, string NodeId, string GpuUuid, IReadOnlyList<HandOverStep> Steps)
{
    public GuardChanged First => Steps[0].Change;

    public GuardChanged Last => Steps[^1].Change;

    /// <summary>True when only the throttle changed.</summary>
    public bool IsThrottleOnly => Steps.All(step => GuardWords.IsOfThrottle(step.Change));

    /// <summary>False when steps before the first one here are not known, since they lie before the range.</summary>
    public bool HasBeginning => IsThrottleOnly ? First.Throttle is ThrottleLevel.Limited : First.From is GuardState.Serving;

    public bool IsOver => Last.To is GuardState.Serving && (!IsThrottleOnly || Last.Throttle is ThrottleLevel.None);

    /// <summary>Who took the GPU, and who had it afterwards, in that order; each as it was last told of.</summary>
    public IReadOnlyList<GuardProcess> Takers =>
        [.. Steps.Select(step => step.Change.Process).OfType<GuardProcess>().GroupBy(process => (process.Pid, process.StartedAt)).Select(told => told.Last())];

    /// <summary>From the first step to the one that gave the GPU away; null when it was not given away.</summary>
    public TimeSpan? UntilYielded => Steps.FirstOrDefault(step => step.Change.To is GuardState.Yielded && step.Change.From is not GuardState.Yielded) is { } yielded
        && First.To is GuardState.Draining or GuardState.Evicting ? yielded.Change.ChangedAt - First.ChangedAt : null;

    /// <summary>From the first step to the last; null when either is not known.</summary>
    public TimeSpan? Took => IsOver && HasBeginning ? Last.ChangedAt - First.ChangedAt : null;

    public long? MemoryBeforeBytes => Steps.Select(step => step.Change.MemoryUsedBeforeBytes).FirstOrDefault(bytes => bytes is not null);

    /// <summary>The memory in use when the models had left, before others that had the GPU took theirs.</summary>
    public long? MemoryAfterBytes => Steps.LastOrDefault(step => step.Change.To is GuardState.Yielded && step.Change.From is not GuardState.Yielded)?.Change.MemoryUsedBytes;

    public int CancelledCount => Steps.Max(step => step.Change.CancelledCount);

    public int HeldCount => Steps.Max(step => step.Change.HeldCount);

    /// <summary>True when the newest step of its GPU says that it goes on. One whose end got lost does not, and neither does one of a GPU that nobody tells of any more.</summary>
    public bool IsUnderWay(GuardChanged? newest) => !IsOver && newest is not null
        && (newest.HandOverId == Id || (IsThrottleOnly && !GuardWords.IsOfThrottle(newest) && newest.Throttle is not ThrottleLevel.None));

    /// <summary>Newest first. The state a step leads to lasts until the next one; of the last it is not known here.</summary>
    public static IReadOnlyList<HandOver> Of(IEnumerable<GuardChanged> changes) =>
    [
        .. changes.GroupBy(change => (change.NodeId, change.GpuUuid, change.HandOverId)).Select(story =>
        {
            var steps = story.OrderBy(change => change.ChangedAt).ToList();
            return new HandOver(story.Key.HandOverId, story.Key.NodeId, story.Key.GpuUuid,
                [.. steps.Select((change, i) => new HandOverStep(change, i + 1 < steps.Count ? steps[i + 1].ChangedAt - change.ChangedAt : null))]);
        }).OrderByDescending(story => story.First.ChangedAt).ThenBy(story => story.GpuUuid, StringComparer.Ordinal),
    ];
}

/// <summary>A step and how long the state lasted to which it led; null when no step follows.</summary>
public sealed record HandOverStep(GuardChanged Change, TimeSpan? Lasted);
