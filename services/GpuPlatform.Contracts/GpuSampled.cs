using System.Text.Json.Serialization;

namespace GpuPlatform.Contracts;

/// <summary>Whether a GPU can be read.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GpuState>))]
public enum GpuState
{
    /// <summary>The driver answers.</summary>
    [JsonStringEnumMemberName("active")] Active,

    /// <summary>Powered down by the kernel, and left so: there are no readings because to read is to wake it.</summary>
    [JsonStringEnumMemberName("sleeping")] Sleeping,

    /// <summary>The driver answers with errors.</summary>
    [JsonStringEnumMemberName("failing")] Failing,

    /// <summary>It has fallen off the bus or needs a reset.</summary>
    [JsonStringEnumMemberName("lost")] Lost,

    /// <summary>A call into the driver has not come back.</summary>
    [JsonStringEnumMemberName("stalled")] Stalled,
}

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

    /// <summary>Whether it can be read; without a word, it was.</summary>
    public GpuState State { get; init; }

    /// <summary>The GPU this one is an instance of; null for a whole GPU.</summary>
    public string? ParentUuid { get; init; }

    /// <summary>Share of the last driver period in which at least one kernel ran, 0–100 % (<c>nvmlDeviceGetUtilizationRates.gpu</c>).</summary>
    public double? UtilizationPercent { get; init; }

    /// <summary>Share of the last driver period in which device memory was read or written, 0–100 % (<c>nvmlDeviceGetUtilizationRates.memory</c>).</summary>
    public double? MemoryUtilizationPercent { get; init; }

    /// <summary>
    /// True when the GPU has no memory but the host's. Given is what the driver may use of it where the driver says so (amdgpu), else all of it;
    /// <see cref="MemoryUsedBytes"/> is all use of the same.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool MemoryIsShared { get; init; }

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

    /// <summary>Counter: energy used since the driver was loaded, in joules (<c>nvmlDeviceGetTotalEnergyConsumption</c>, mJ / 1000).</summary>
    public double? EnergyJoules { get; init; }

    /// <summary>
    /// Power limit in force, in watts (<c>nvmlDeviceGetEnforcedPowerLimit</c>, mW / 1000); read with <see cref="Details"/> and repeated between.
    /// </summary>
    public double? PowerLimitWatts { get; init; }

    /// <summary>Processes that hold a context on this GPU; empty when there are none, null when the list was not read on this tick.</summary>
    public IReadOnlyList<GpuProcessUsage>? Processes { get; init; }

    /// <summary>The dearer readings; null on the ticks between them.</summary>
    public GpuDetails? Details { get; init; }

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

    /// <summary>Share of time its kernels ran, 0–100 % (<c>nvmlDeviceGetProcessUtilization.smUtil</c>, or the engine times in <c>fdinfo</c>).</summary>
    public double? SmPercent { get; init; }

    /// <summary>Share of time it read or wrote device memory, 0–100 % (<c>….memUtil</c>).</summary>
    public double? MemoryPercent { get; init; }

    /// <summary>Share of the encoder, 0–100 % (<c>….encUtil</c>).</summary>
    public double? EncoderPercent { get; init; }

    /// <summary>Share of the decoder, 0–100 % (<c>….decUtil</c>).</summary>
    public double? DecoderPercent { get; init; }
}
