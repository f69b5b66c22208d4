using System.Text.Json.Serialization;

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

    /// <summary>The same of <see cref="GpuSeries.Details"/>, which are read less often; null where they were not asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? DetailStepSeconds { get; init; }

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

    /// <summary>Energy used in the range, in joules, as far as the GPU counts it; null where that was not asked for or not counted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? EnergyJoules { get; init; }

    /// <summary>The dearer readings in ascending time, null where they were not asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<GpuDetailPoint>? Details { get; init; }
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

    /// <summary>
    /// Energy used up to the readings of this step since the reading before each, in joules: differences of the GPU's counter, none where it
    /// began again. Only where details were asked for.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? EnergyJoules { get; init; }
}

/// <summary>Averages of the dearer readings of one step; absent where no reading of the step had a value.</summary>
public sealed record GpuDetailPoint
{
    /// <summary>UTC start of the step.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Clock of the graphics engine, in MHz.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? GraphicsClockMegahertz { get; init; }

    /// <summary>Clock of the multiprocessors, in MHz.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? SmClockMegahertz { get; init; }

    /// <summary>Memory clock, in MHz.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? MemoryClockMegahertz { get; init; }

    /// <summary>Speed of the fastest fan, in % of its maximum.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? FanSpeedPercent { get; init; }

    /// <summary>Memory temperature, in °C.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? MemoryTemperatureCelsius { get; init; }

    /// <summary>Share of the readings in which a power limit or the power supply held the clocks back, 0–100 %.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PowerThrottledPercent { get; init; }

    /// <summary>Share of the readings in which heat held the clocks back, 0–100 %.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ThermalThrottledPercent { get; init; }

    /// <summary>Encoder utilisation, 0–100 %.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? EncoderUtilizationPercent { get; init; }

    /// <summary>Decoder utilisation, 0–100 %.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? DecoderUtilizationPercent { get; init; }
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
