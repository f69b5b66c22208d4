namespace GpuPlatform.Contracts;

/// <summary>Answer of <see cref="Routes.GpuDevices"/>. An empty list is a valid answer: the host has no GPU the collector can read.</summary>
public sealed record GpuDeviceList : GpuAnswer
{
    /// <summary>The GPUs, ordered by index.</summary>
    public required IReadOnlyList<GpuDevice> Devices { get; init; }

    /// <summary>Length of <see cref="Devices"/>.</summary>
    public required int Count { get; init; }

    /// <summary>Where the readings come from: <c>nvml</c>, <c>nvidia-smi</c>, <c>simulated</c>, … or <c>none</c>.</summary>
    public required string Source { get; init; }
}

/// <summary>One GPU as REST clients see it: memory in MiB, null where the driver did not say.</summary>
public sealed record GpuDevice
{
    /// <summary>Position on this host. Not stable across boots: for display only.</summary>
    public required int Index { get; init; }

    /// <summary>Marketing name.</summary>
    public required string Name { get; init; }

    /// <summary>Physical memory, in MiB.</summary>
    public long? TotalMemoryMb { get; init; }

    /// <summary>Memory that can still be allocated, in MiB.</summary>
    public long? FreeMemoryMb { get; init; }

    /// <summary>Memory used by processes, in MiB.</summary>
    public long? UsedMemoryMb { get; init; }

    /// <summary>Utilisation, 0–100 %.</summary>
    public double? UtilizationPercent { get; init; }

    /// <summary>Core temperature, in °C.</summary>
    public double? TemperatureC { get; init; }

    /// <summary>True when the driver answered for this GPU on the last tick.</summary>
    public required bool IsAvailable { get; init; }

    /// <summary>Why it did not, in words; null when it did.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>The GPU's identity.</summary>
    public required string Uuid { get; init; }

    /// <summary>Whether it is active, sleeping, failing, lost or stalled.</summary>
    public required GpuState State { get; init; }

    /// <summary>The GPU this one is an instance of; null for a whole GPU.</summary>
    public string? ParentUuid { get; init; }

    /// <summary><c>nvidia</c>, <c>amd</c>, <c>intel</c> or another maker's name.</summary>
    public string? Vendor { get; init; }

    /// <summary>Address on the PCI bus, as in <c>0000:01:00.0</c>.</summary>
    public string? PciBusId { get; init; }

    /// <summary>Memory kept by driver and firmware, in MiB.</summary>
    public long? ReservedMemoryMb { get; init; }

    /// <summary>True when the GPU has no memory of its own, and the host's is given.</summary>
    public bool MemoryIsShared { get; init; }

    /// <summary>Share of time in which memory was read or written, 0–100 %.</summary>
    public double? MemoryUtilizationPercent { get; init; }

    /// <summary>Encoder utilisation, 0–100 %.</summary>
    public double? EncoderUtilizationPercent { get; init; }

    /// <summary>Decoder utilisation, 0–100 %.</summary>
    public double? DecoderUtilizationPercent { get; init; }

    /// <summary>Board power draw, in watts.</summary>
    public double? PowerWatts { get; init; }

    /// <summary>Power limit in force, in watts.</summary>
    public double? PowerLimitWatts { get; init; }

    /// <summary>Counter: energy used since the driver was loaded, in joules.</summary>
    public double? EnergyJoules { get; init; }

    /// <summary>Clock of the graphics engine, in MHz.</summary>
    public double? GraphicsClockMegahertz { get; init; }

    /// <summary>Clock of the streaming multiprocessors, in MHz.</summary>
    public double? SmClockMegahertz { get; init; }

    /// <summary>Memory clock, in MHz.</summary>
    public double? MemoryClockMegahertz { get; init; }

    /// <summary>Performance state: 0 is the fastest, 15 the slowest.</summary>
    public int? PerformanceState { get; init; }

    /// <summary>Fans, in the driver's order.</summary>
    public IReadOnlyList<GpuFan>? Fans { get; init; }

    /// <summary>Why the clocks are held back now; empty when nothing does.</summary>
    public IReadOnlyList<GpuThrottleReason>? ThrottleReasons { get; init; }

    /// <summary>Processes that hold a context on it; null when the list was not read of late.</summary>
    public int? ProcessCount { get; init; }

    /// <summary>Age of what is read more rarely: fans, clocks, encoder and decoder, throttling, power limit, vendor and address.</summary>
    public double? DetailsAgeSeconds { get; init; }
}
