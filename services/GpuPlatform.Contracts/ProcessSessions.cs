namespace GpuPlatform.Contracts;

/// <summary>Answer of <see cref="Routes.ProcessSessions"/>: <c>?start_date=&amp;end_date=&amp;node=&amp;gpu=&amp;kind=&amp;name=</c>.</summary>
public sealed record ProcessSessionPage
{
    /// <summary>UTC start of the range, included.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>UTC end of the range, not included.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>Processes that were on a GPU in the range, last come first.</summary>
    public required IReadOnlyList<ProcessSession> Sessions { get; init; }

    /// <summary>Give it as <c>cursor</c> to get what follows; null when nothing does.</summary>
    public string? NextCursor { get; init; }
}

/// <summary>
/// One process on one GPU, from its first sighting to its last, however far these lie outside the range. Figures are of the time in which its
/// readings follow each other within five minutes (<see cref="MeasuredSeconds"/>); null means not known.
/// </summary>
public sealed record ProcessSession
{
    /// <summary>The host's id.</summary>
    public required string NodeId { get; init; }

    /// <summary>The GPU.</summary>
    public required string GpuUuid { get; init; }

    /// <summary>Process id in the host's pid namespace.</summary>
    public required int Pid { get; init; }

    /// <summary>UTC start time of the process.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>UTC instant at which it was first seen on this GPU.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>UTC instant at which it had left; null while it is there.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Short name.</summary>
    public string? Name { get; init; }

    /// <summary>Owner.</summary>
    public string? UserName { get; init; }

    /// <summary>Kind of work, by the last verdict; null without one.</summary>
    public WorkloadKind? Kind { get; init; }

    /// <summary>What it was taken for over time, oldest first: one entry for each change.</summary>
    public required IReadOnlyList<KindChange> Kinds { get; init; }

    /// <summary>Most device memory, in bytes.</summary>
    public long? MemoryPeakBytes { get; init; }

    /// <summary>Mean device memory over the measured time, in bytes.</summary>
    public long? MemoryAverageBytes { get; init; }

    /// <summary>Time for which there are readings, in seconds.</summary>
    public double MeasuredSeconds { get; init; }

    /// <summary>Time its kernels ran, in seconds: 30 s at 50 % are 15.</summary>
    public double? SmSeconds { get; init; }

    /// <summary>Time of the encoder, likewise.</summary>
    public double? EncoderSeconds { get; init; }

    /// <summary>Its share of the board's energy, in joules: as much as its kernels had of the time.</summary>
    public double? EnergyJoules { get; init; }
}

/// <summary>From when on a process was taken for what.</summary>
/// <param name="At">UTC instant of the observation on which the verdict was given.</param>
/// <param name="Kind">The kind of work.</param>
public sealed record KindChange(DateTimeOffset At, WorkloadKind Kind);
