namespace GpuPlatform.Contracts;

/// <summary>Answer of <see cref="Routes.GpuDriver"/>; null where there is no driver.</summary>
public sealed record GpuDriver : GpuAnswer
{
    /// <summary>Kernel driver version.</summary>
    public string? DriverVersion { get; init; }

    /// <summary>Highest CUDA version the driver supports, as <c>major.minor</c>.</summary>
    public string? CudaDriverVersion { get; init; }

    /// <summary>Version of the NVML library.</summary>
    public string? NvmlVersion { get; init; }

    /// <summary>Every source of readings on this host, working or not.</summary>
    public required IReadOnlyList<GpuSourceStatus> Sources { get; init; }
}

/// <summary>One source of readings.</summary>
public sealed record GpuSourceStatus
{
    /// <summary><c>nvml</c>, <c>nvidia-smi</c>, <c>drm</c>, <c>simulated</c> or <c>none</c>.</summary>
    public required string Name { get; init; }

    /// <summary>True when it is open.</summary>
    public required bool IsAvailable { get; init; }

    /// <summary>Why it is not, in words; null when it is.</summary>
    public string? UnavailableReason { get; init; }

    /// <summary>Which GPUs are there but could not be opened, and why.</summary>
    public string? Missing { get; init; }

    /// <summary>Version of its driver.</summary>
    public string? DriverVersion { get; init; }
}
