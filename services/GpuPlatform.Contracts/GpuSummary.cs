namespace GpuPlatform.Contracts;

/// <summary>
/// Answer of <see cref="Routes.GpuSummary"/>: all GPUs of the host in one figure each, over those that answered. Null where none of them said it.
/// </summary>
public sealed record GpuSummary : GpuAnswer
{
    /// <summary>One or two sentences for people.</summary>
    public required string Text { get; init; }

    /// <summary>GPUs of the host, instances included.</summary>
    public required int Count { get; init; }

    /// <summary>How many of them are in which state.</summary>
    public required GpuStateCounts States { get; init; }

    /// <summary>Mean utilisation of those that said it, 0–100 %.</summary>
    public double? AverageUtilizationPercent { get; init; }

    /// <summary>Utilisation of the busiest, 0–100 %.</summary>
    public double? HighestUtilizationPercent { get; init; }

    /// <summary>Memory of all, in MiB; memory shared with the host counts once.</summary>
    public long? TotalMemoryMb { get; init; }

    /// <summary>The part of it that processes use, in MiB.</summary>
    public long? UsedMemoryMb { get; init; }

    /// <summary>The part of it that can still be allocated, in MiB.</summary>
    public long? FreeMemoryMb { get; init; }

    /// <summary>Power draw of all boards, in watts.</summary>
    public double? PowerWatts { get; init; }

    /// <summary>Power limits of all boards, in watts.</summary>
    public double? PowerLimitWatts { get; init; }

    /// <summary>The hottest GPU.</summary>
    public GpuTemperature? Hottest { get; init; }

    /// <summary>GPUs whose clocks are held back by power, heat or the supply; idling is no such reason.</summary>
    public required IReadOnlyList<GpuThrottling> Throttling { get; init; }

    /// <summary>Processes on all GPUs; null when no list was read of late.</summary>
    public int? ProcessCount { get; init; }
}

/// <summary>GPUs by state.</summary>
public sealed record GpuStateCounts(int Active, int Sleeping, int Failing, int Lost, int Stalled);

/// <summary>The temperature of one GPU.</summary>
public sealed record GpuTemperature(int Index, string Uuid, string Name, double TemperatureC);

/// <summary>What holds one GPU's clocks back.</summary>
public sealed record GpuThrottling(int Index, string Uuid, string Name, IReadOnlyList<GpuThrottleReason> Reasons);
