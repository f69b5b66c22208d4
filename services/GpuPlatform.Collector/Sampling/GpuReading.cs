using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Sampling;

/// <summary>What a source is, for people: <see cref="Name"/> is <c>nvml</c>, <c>simulated</c> or <c>none</c>.</summary>
internal sealed record SourceInfo(string Name, string? UnavailableReason = null)
{
    public const string Nvml = "nvml";
    public const string Simulated = "simulated";
    public const string None = "none";

    public string? DriverVersion { get; init; }

    public string? CudaVersion { get; init; }

    public string? NvmlVersion { get; init; }

    /// <summary>Which GPUs are there but could not be opened, and why; null when all were.</summary>
    public string? Missing { get; init; }

    /// <summary>True when the GPUs are there but powered down, and were left so.</summary>
    public bool Sleeping { get; init; }
}

/// <summary>What does not change about a GPU while a source is open.</summary>
internal sealed record GpuIdentity(int Index, string Uuid, string Name);

/// <summary>One reading of one GPU. Null: the driver did not say.</summary>
internal struct GpuReading
{
    public double? UtilizationPercent;
    public double? MemoryUtilizationPercent;
    public long? MemoryTotalBytes;
    public long? MemoryUsedBytes;
    public long? MemoryFreeBytes;
    public long? MemoryReservedBytes;
    public double? TemperatureCelsius;
    public double? PowerWatts;
    public double? PowerLimitWatts;

    /// <summary>Why nothing could be read, in words.</summary>
    public string? Error;
}

/// <summary>One process on one GPU, as the driver lists it.</summary>
internal readonly record struct GpuProcessReading(int Pid, GpuContext Context, long? MemoryUsedBytes);
