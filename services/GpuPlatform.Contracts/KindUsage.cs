namespace GpuPlatform.Contracts;

/// <summary>Answer of <see cref="Routes.KindUsage"/>: <c>?start_date=&amp;end_date=&amp;node=&amp;gpu=</c>.</summary>
public sealed record KindUsage
{
    /// <summary>UTC start of the range, a full hour, included.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>UTC end of the range, a full hour, not included.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>One entry for each hour, GPU and kind that was there, oldest first.</summary>
    public required IReadOnlyList<KindUsageHour> Hours { get; init; }
}

/// <summary>What one kind of work did on one GPU in one hour. Null means not known.</summary>
public sealed record KindUsageHour
{
    /// <summary>UTC start of the hour.</summary>
    public required DateTimeOffset Hour { get; init; }

    /// <summary>The host's id.</summary>
    public required string NodeId { get; init; }

    /// <summary>The GPU.</summary>
    public required string GpuUuid { get; init; }

    /// <summary>Kind of work, of each process as it was judged at the end of the hour; null for those without a verdict.</summary>
    public WorkloadKind? Kind { get; init; }

    /// <summary>Processes of this kind.</summary>
    public required int ProcessCount { get; init; }

    /// <summary>Time in which at least one of them was there, in seconds.</summary>
    public required double PresentSeconds { get; init; }

    /// <summary>Time their kernels ran, all together, in seconds.</summary>
    public double? SmSeconds { get; init; }

    /// <summary>Time of the encoder, likewise.</summary>
    public double? EncoderSeconds { get; init; }

    /// <summary>Mean device memory of all together while at least one was there, in bytes.</summary>
    public long? MemoryAverageBytes { get; init; }

    /// <summary>Most device memory, in bytes: the peaks of those that were there at the same time, added up.</summary>
    public long? MemoryPeakBytes { get; init; }

    /// <summary>Their share of the board's energy, in joules.</summary>
    public double? EnergyJoules { get; init; }
}
