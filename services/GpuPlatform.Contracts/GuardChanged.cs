namespace GpuPlatform.Contracts;

/// <summary>A step of handing a GPU over. Identity is (<see cref="NodeId"/>, <see cref="GpuUuid"/>, <see cref="ChangedAt"/>); the instants of one GPU differ.</summary>
public sealed record GuardChanged
{
    /// <summary>The host's id.</summary>
    public required string NodeId { get; init; }

    /// <summary>The GPU.</summary>
    public required string GpuUuid { get; init; }

    /// <summary>UTC instant of the step, in whole milliseconds.</summary>
    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>The same for all steps from the first draining to serving again.</summary>
    public required Guid HandOverId { get; init; }

    /// <summary>State before. The same as <see cref="To"/> when only the throttle changed, with <see cref="GuardCause.Heat"/>, or only who has the GPU, with any other cause.</summary>
    public required GuardState From { get; init; }

    /// <summary>State now.</summary>
    public required GuardState To { get; init; }

    /// <summary>The throttle now.</summary>
    public ThrottleLevel Throttle { get; init; }

    /// <summary>Why, in a word.</summary>
    public required GuardCause Cause { get; init; }

    /// <summary>Why, in words a person understands.</summary>
    public required string Reason { get; init; }

    /// <summary>How long the state before lasted, in milliseconds; null at the collector's start, and where it goes on.</summary>
    public double? InStateMs { get; init; }

    /// <summary>The process that takes the GPU, or has it now; null when none does.</summary>
    public GuardProcess? Process { get; init; }

    /// <summary>Memory used on the GPU at this step, in bytes; null when the driver did not say.</summary>
    public long? MemoryUsedBytes { get; init; }

    /// <summary>Memory used on the GPU when the hand-over began, in bytes.</summary>
    public long? MemoryUsedBeforeBytes { get; init; }

    /// <summary>Requests under way that were cancelled in this hand-over so far.</summary>
    public int CancelledCount { get; init; }

    /// <summary>Requests that wait at this step.</summary>
    public int HeldCount { get; init; }

    /// <summary>Models that this hand-over unloaded or loaded again so far.</summary>
    public IReadOnlyList<string> Models { get; init => field = value ?? []; } = []; // generated readers set what is absent to null
}

/// <summary>Who takes a GPU.</summary>
public sealed record GuardProcess
{
    /// <summary>Process id in the host's pid namespace.</summary>
    public required int Pid { get; init; }

    /// <summary>UTC start time of the process.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Short name.</summary>
    public string? Name { get; init; }

    /// <summary>Kind of work; null when no verdict came in time.</summary>
    public WorkloadKind? Kind { get; init; }

    /// <summary>Its device memory on this GPU, in bytes.</summary>
    public long? MemoryUsedBytes { get; init; }
}
