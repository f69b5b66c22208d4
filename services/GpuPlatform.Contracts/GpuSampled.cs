namespace GpuPlatform.Contracts;

/// <summary>
/// One sampler tick of one host: every GPU it could see, read within a few milliseconds of each other.
/// Identity of a reading is (<see cref="GpuSample.Uuid"/>, <see cref="SampledAt"/>): a redelivered message adds nothing.
/// </summary>
public sealed record GpuSampled
{
    /// <summary>The host's id, as configured by <c>Node:Id</c>; by default its lower-case machine name.</summary>
    public required string NodeId { get; init; }

    /// <summary>UTC instant of the reading on the host that measured it, in whole milliseconds.</summary>
    public required DateTimeOffset SampledAt { get; init; }

    /// <summary>One entry per GPU the host has; empty when it has none.</summary>
    public required IReadOnlyList<GpuSample> Gpus { get; init; }
}

/// <summary>What one GPU said at one instant. A null reading means that the driver did not say; 0 means that it said 0.</summary>
public sealed record GpuSample
{
    /// <summary>The GPU's identity, stable across reboots and slots (<c>nvmlDeviceGetUUID</c>).</summary>
    public required string Uuid { get; init; }

    /// <summary>Position in the driver's enumeration. Not stable across boots: for display only.</summary>
    public required int Index { get; init; }

    /// <summary>Marketing name (<c>nvmlDeviceGetName</c>).</summary>
    public required string Name { get; init; }

    /// <summary>Share of the last driver period in which at least one kernel ran, 0–100 % (<c>nvmlDeviceGetUtilizationRates.gpu</c>).</summary>
    public double? UtilizationPercent { get; init; }

    /// <summary>Share of the last driver period in which device memory was read or written, 0–100 % (<c>nvmlDeviceGetUtilizationRates.memory</c>).</summary>
    public double? MemoryUtilizationPercent { get; init; }

    /// <summary>Physical device memory, in bytes (<c>nvmlDeviceGetMemoryInfo_v2.total</c>).</summary>
    public long? MemoryTotalBytes { get; init; }

    /// <summary>Memory allocated by processes, without what the driver reserves, in bytes (<c>nvmlDeviceGetMemoryInfo_v2.used</c>).</summary>
    public long? MemoryUsedBytes { get; init; }

    /// <summary>Memory that can still be allocated, in bytes (<c>nvmlDeviceGetMemoryInfo_v2.free</c>).</summary>
    public long? MemoryFreeBytes { get; init; }

    /// <summary>Memory the driver and firmware keep for themselves, in bytes (<c>nvmlDeviceGetMemoryInfo_v2.reserved</c>).</summary>
    public long? MemoryReservedBytes { get; init; }

    /// <summary>Core temperature, in °C (<c>nvmlDeviceGetTemperatureV</c>, else <c>nvmlDeviceGetTemperature</c>).</summary>
    public double? TemperatureCelsius { get; init; }

    /// <summary>Board power draw, in watts (<c>nvmlDeviceGetPowerUsage</c>, mW / 1000).</summary>
    public double? PowerWatts { get; init; }

    /// <summary>Power limit in force, in watts (<c>nvmlDeviceGetEnforcedPowerLimit</c>, mW / 1000).</summary>
    public double? PowerLimitWatts { get; init; }

    /// <summary>Processes that hold a context on this GPU; empty when there are none, null when the list was not read on this tick.</summary>
    public IReadOnlyList<GpuProcessUsage>? Processes { get; init; }

    /// <summary>Why readings of this GPU are missing, in words (for instance "GPU is lost"); null when the driver answered.</summary>
    public string? Error { get; init; }
}

/// <summary>What one process used on one GPU at one instant. Identity is (<see cref="Pid"/>, <see cref="StartedAt"/>).</summary>
public sealed record GpuProcessUsage
{
    /// <summary>Process id in the host's pid namespace.</summary>
    public required int Pid { get; init; }

    /// <summary>UTC start time; with the pid it is the process's identity, because the kernel reuses pids.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Device memory of this process on this GPU, in bytes (<c>nvmlProcessInfo_t.usedGpuMemory</c>); null under WDDM.</summary>
    public long? MemoryUsedBytes { get; init; }
}
