using GpuPlatform.Contracts;
using static GpuPlatform.Collector.Metrics.GpuMetric;

namespace GpuPlatform.Collector.Metrics;

/// <summary>What every tick reads.</summary>
internal static class TickMetrics
{
    public static IReadOnlyList<GpuMetric> Table { get; } =
    [
        Tick("gpu_temperature_celsius", "°C", "Core temperature.", "`nvmlDeviceGetTemperatureV`, else `nvmlDeviceGetTemperature`", gpu => gpu.TemperatureCelsius),
        Tick("gpu_utilization_percent", "0–100", "Share of time in which a kernel ran.", "`nvmlDeviceGetUtilizationRates`", gpu => gpu.UtilizationPercent),
        Tick("gpu_memory_utilization_percent", "0–100", "Share of time in which memory was read or written.", "`nvmlDeviceGetUtilizationRates`",
            gpu => gpu.MemoryUtilizationPercent),
        Tick("gpu_memory_total_bytes", "bytes", "Physical memory.", "`nvmlDeviceGetMemoryInfo_v2`, else `nvmlDeviceGetMemoryInfo`", gpu => gpu.MemoryTotalBytes),
        Tick("gpu_memory_used_bytes", "bytes", "Memory allocated by processes.", "the same", gpu => gpu.MemoryUsedBytes),
        Tick("gpu_memory_free_bytes", "bytes", "Memory that can still be allocated.", "the same", gpu => gpu.MemoryFreeBytes),
        Tick("gpu_memory_reserved_bytes", "bytes", "Memory the driver keeps for itself.", "`nvmlDeviceGetMemoryInfo_v2`", gpu => gpu.MemoryReservedBytes),
        Tick("gpu_power_watts", "W", "Board power draw.", "`nvmlDeviceGetPowerUsage`", gpu => gpu.PowerWatts),
        Tick("gpu_energy_joules_total", "J", "Energy used since the driver was loaded.", "`nvmlDeviceGetTotalEnergyConsumption`", gpu => gpu.EnergyJoules),
        Tick("gpu_readable", "0 or 1", "1 while the GPU can be read, 0 while the driver answers with an error for it.", "the sampler", gpu => gpu.Error is null ? 1 : 0),
        new(new MetricRow("gpu_state", "0 or 1", "state", "1 for the state the GPU is in, 0 for the others.", "the sampler; a sleeping GPU is not asked", MetricCost.Tick),
            view => Enum.GetValues<GpuState>().Select(state => MetricValue.Of(view.Sample.State == state ? 1 : 0, "state", WireWord.Of(state)))),
    ];
}
