namespace GpuPlatform.Contracts;

/// <summary>Answer of <see cref="Routes.Historical"/>: averages over equal steps of time. A step without a reading has no point: draw a gap.</summary>
public sealed record HistoricalSeries
{
    /// <summary>UTC start of the range.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>UTC end of the range.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>Width of one step, in seconds. Two points further apart than this have a gap between them.</summary>
    public required double StepSeconds { get; init; }

    /// <summary>One series per GPU that has a reading in the range.</summary>
    public required IReadOnlyList<GpuSeries> Gpus { get; init; }

    /// <summary>One series per host that has a reading in the range.</summary>
    public required IReadOnlyList<HostSeries> Hosts { get; init; }
}

/// <summary>One GPU over time.</summary>
public sealed record GpuSeries
{
    /// <summary>The host's id.</summary>
    public required string NodeId { get; init; }

    /// <summary>The GPU.</summary>
    public required string Uuid { get; init; }

    /// <summary>Marketing name.</summary>
    public required string Name { get; init; }

    /// <summary>Points in ascending time.</summary>
    public required IReadOnlyList<GpuPoint> Points { get; init; }
}

/// <summary>Averages of one step; null where no reading of the step had a value.</summary>
public sealed record GpuPoint
{
    /// <summary>UTC start of the step.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Average utilisation, 0–100 %.</summary>
    public double? UtilizationPercent { get; init; }

    /// <summary>Average memory used, in bytes.</summary>
    public double? MemoryUsedBytes { get; init; }

    /// <summary>Average core temperature, in °C.</summary>
    public double? TemperatureCelsius { get; init; }

    /// <summary>Average power draw, in watts.</summary>
    public double? PowerWatts { get; init; }
}

/// <summary>One host over time.</summary>
public sealed record HostSeries
{
    /// <summary>The host's id.</summary>
    public required string NodeId { get; init; }

    /// <summary>Points in ascending time.</summary>
    public required IReadOnlyList<HostPoint> Points { get; init; }
}

/// <summary>Averages of one step; null where no reading of the step had a value.</summary>
public sealed record HostPoint
{
    /// <summary>UTC start of the step.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Average busy share of all cores, 0–100 %.</summary>
    public double? CpuPercent { get; init; }

    /// <summary>Average memory used, in bytes.</summary>
    public double? MemoryUsedBytes { get; init; }
}
