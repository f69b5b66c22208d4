namespace GpuPlatform.Contracts;

/// <summary>What does not change about a GPU while it is there. Null means that the driver did not say.</summary>
public sealed record GpuFacts
{
    /// <summary><c>nvidia</c>, <c>amd</c>, <c>intel</c> or another maker's name in lower case.</summary>
    public string? Vendor { get; init; }

    /// <summary>What the readings come from: <c>nvml</c>, <c>nvidia-smi</c>, <c>amdgpu</c>, <c>i915</c>, <c>xe</c> or <c>simulated</c>.</summary>
    public string? Source { get; init; }

    /// <summary>Address on the PCI bus as the kernel writes it, as in <c>0000:01:00.0</c>.</summary>
    public string? PciBusId { get; init; }

    /// <summary>The driver's version.</summary>
    public string? DriverVersion { get; init; }

    /// <summary>Board serial number (<c>nvmlDeviceGetSerial</c>).</summary>
    public string? SerialNumber { get; init; }

    /// <summary>Firmware version (<c>nvmlDeviceGetVbiosVersion</c>).</summary>
    public string? VbiosVersion { get; init; }

    /// <summary>CUDA compute capability, as in <c>8.9</c> (<c>nvmlDeviceGetCudaComputeCapability</c>).</summary>
    public string? ComputeCapability { get; init; }

    /// <summary>Fans the driver controls (<c>nvmlDeviceGetNumFans</c>).</summary>
    public int? FanCount { get; init; }

    /// <summary>Highest clock of the graphics engine, in MHz (<c>nvmlDeviceGetMaxClockInfo</c> 0).</summary>
    public double? MaxGraphicsClockMegahertz { get; init; }

    /// <summary>Highest clock of the streaming multiprocessors, in MHz (<c>nvmlDeviceGetMaxClockInfo</c> 1).</summary>
    public double? MaxSmClockMegahertz { get; init; }

    /// <summary>Highest memory clock, in MHz (<c>nvmlDeviceGetMaxClockInfo</c> 2).</summary>
    public double? MaxMemoryClockMegahertz { get; init; }

    /// <summary>Lowest power limit that may be set, in watts (<c>nvmlDeviceGetPowerManagementLimitConstraints</c>).</summary>
    public double? MinPowerLimitWatts { get; init; }

    /// <summary>Highest power limit that may be set, in watts (the same call).</summary>
    public double? MaxPowerLimitWatts { get; init; }

    /// <summary>Power limit as shipped, in watts (<c>nvmlDeviceGetPowerManagementDefaultLimit</c>).</summary>
    public double? DefaultPowerLimitWatts { get; init; }

    /// <summary>Highest PCI Express generation of GPU and slot (<c>nvmlDeviceGetMaxPcieLinkGeneration</c>).</summary>
    public int? MaxPcieGeneration { get; init; }

    /// <summary>Most lanes of GPU and slot (<c>nvmlDeviceGetMaxPcieLinkWidth</c>).</summary>
    public int? MaxPcieLaneCount { get; init; }

    /// <summary>Temperature at which the GPU turns itself off, in °C (<c>nvmlDeviceGetTemperatureThreshold</c> 0).</summary>
    public double? ShutdownTemperatureCelsius { get; init; }

    /// <summary>Temperature at which the hardware slows down, in °C (the same, 1).</summary>
    public double? SlowdownTemperatureCelsius { get; init; }

    /// <summary>Highest temperature of the memory, in °C (the same, 2).</summary>
    public double? MaxMemoryTemperatureCelsius { get; init; }

    /// <summary>Highest temperature in operation, in °C (the same, 3).</summary>
    public double? MaxOperatingTemperatureCelsius { get; init; }
}
