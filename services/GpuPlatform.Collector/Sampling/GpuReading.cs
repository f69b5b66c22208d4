using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Sampling;

/// <summary>
/// One reading of one GPU at the price of a few microseconds. Null: the driver did not say. Temperature is among them because it is the
/// question people ask, also while they play.
/// </summary>
internal struct GpuReading
{
    public double? UtilizationPercent;
    public double? MemoryUtilizationPercent;
    public long? MemoryTotalBytes;
    public long? MemoryUsedBytes;
    public long? MemoryFreeBytes;
    public long? MemoryReservedBytes;
    public bool MemoryIsShared;
    public double? TemperatureCelsius;
    public double? PowerWatts;
    public double? EnergyJoules;

    /// <summary>Why nothing could be read, in words.</summary>
    public string? Error;

    /// <summary>With <see cref="Error"/>: the GPU itself is gone, not one answer.</summary>
    public bool IsLost;
}

/// <summary>The dearer readings, as a source gives them.</summary>
internal readonly record struct GpuDetailReading(GpuDetails Details, double? PowerLimitWatts);

/// <summary>One process on one GPU, as the driver lists it.</summary>
internal readonly record struct GpuProcessReading(int Pid, GpuContext Context, long? MemoryUsedBytes)
{
    public double? SmPercent { get; init; }

    public double? MemoryPercent { get; init; }

    public double? EncoderPercent { get; init; }

    public double? DecoderPercent { get; init; }
}
