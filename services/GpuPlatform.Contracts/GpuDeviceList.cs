using System.Text.Json.Serialization;

namespace GpuPlatform.Contracts;

/// <summary>Answer of <see cref="Routes.GpuDevices"/>. An empty list is a valid answer: the host has no GPU the collector can read.</summary>
public sealed record GpuDeviceList
{
    /// <summary>The GPUs, ordered by index.</summary>
    [JsonPropertyName("devices")] public required IReadOnlyList<GpuDevice> Devices { get; init; }

    /// <summary>Length of <see cref="Devices"/>.</summary>
    [JsonPropertyName("count")] public required int Count { get; init; }

    /// <summary>Where the readings come from: <c>nvml</c>, <c>simulated</c> or <c>none</c>.</summary>
    [JsonPropertyName("source")] public required string Source { get; init; }

    /// <summary>Why the list is empty, in words; null when it is not.</summary>
    [JsonPropertyName("unavailable_reason")] public string? UnavailableReason { get; init; }

    /// <summary>UTC instant of the sample this answer was made from; null before the first.</summary>
    [JsonPropertyName("sampled_at")] public DateTimeOffset? SampledAt { get; init; }
}

/// <summary>One GPU as REST clients see it: memory in MiB, null where the driver did not say.</summary>
public sealed record GpuDevice
{
    /// <summary>Position in the driver's enumeration.</summary>
    [JsonPropertyName("index")] public required int Index { get; init; }

    /// <summary>Marketing name.</summary>
    [JsonPropertyName("name")] public required string Name { get; init; }

    /// <summary>Physical memory, in MiB.</summary>
    [JsonPropertyName("total_memory_mb")] public long? TotalMemoryMb { get; init; }

    /// <summary>Memory that can still be allocated, in MiB.</summary>
    [JsonPropertyName("free_memory_mb")] public long? FreeMemoryMb { get; init; }

    /// <summary>Memory used by processes, in MiB.</summary>
    [JsonPropertyName("used_memory_mb")] public long? UsedMemoryMb { get; init; }

    /// <summary>Utilisation, 0–100 %.</summary>
    [JsonPropertyName("utilization_percent")] public double? UtilizationPercent { get; init; }

    /// <summary>Core temperature, in °C.</summary>
    [JsonPropertyName("temperature_c")] public double? TemperatureC { get; init; }

    /// <summary>True when the driver answered for this GPU on the last tick.</summary>
    [JsonPropertyName("is_available")] public required bool IsAvailable { get; init; }

    /// <summary>Why it did not, in words; null when it did.</summary>
    [JsonPropertyName("error_message")] public string? ErrorMessage { get; init; }

    /// <summary>The GPU's identity.</summary>
    [JsonPropertyName("uuid")] public required string Uuid { get; init; }

    /// <summary>Board power draw, in watts.</summary>
    [JsonPropertyName("power_watts")] public double? PowerWatts { get; init; }

    /// <summary>Power limit in force, in watts.</summary>
    [JsonPropertyName("power_limit_watts")] public double? PowerLimitWatts { get; init; }
}

/// <summary>Answer of <see cref="Routes.GpuDriver"/>; null where there is no driver.</summary>
public sealed record GpuDriver
{
    /// <summary>Kernel driver version.</summary>
    [JsonPropertyName("driver_version")] public string? DriverVersion { get; init; }

    /// <summary>Highest CUDA version the driver supports, as <c>major.minor</c>.</summary>
    [JsonPropertyName("cuda_driver_version")] public string? CudaDriverVersion { get; init; }

    /// <summary>Version of the NVML library.</summary>
    [JsonPropertyName("nvml_version")] public string? NvmlVersion { get; init; }
}
