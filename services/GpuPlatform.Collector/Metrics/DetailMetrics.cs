using GpuPlatform.Contracts;
using static GpuPlatform.Collector.Metrics.GpuMetric;
using static GpuPlatform.Collector.Metrics.MetricValue;

namespace GpuPlatform.Collector.Metrics;

/// <summary>What is read every <c>Sampling:DetailInterval</c>.</summary>
internal static class DetailMetrics
{
    private const double HertzPerMegahertz = 1e6;
    private const double MillivoltsPerVolt = 1000;

    public static IReadOnlyList<GpuMetric> Table { get; } = [.. Conditions(), .. Throttling(), .. Links(), .. Errors(), .. Profiling()];

    private static IEnumerable<GpuMetric> Conditions() =>
    [
        Detail("gpu_memory_temperature_celsius", "°C", "Memory temperature.", "NVML field 82; hwmon `mem`", gpu => gpu.MemoryTemperatureCelsius),
        Detail("gpu_hotspot_temperature_celsius", "°C", "Hottest point of the chip.", "hwmon `junction`", gpu => gpu.HotspotTemperatureCelsius),
        Detail("gpu_temperature_margin_celsius", "°C", "Distance to the temperature at which the driver slows the GPU down.", "`nvmlDeviceGetMarginTemperature`",
            gpu => gpu.TemperatureMarginCelsius),
        Details("gpu_fan_speed_percent", "% of the fan's maximum, may exceed 100", "fan", "Speed the controller asks for.", "`nvmlDeviceGetFanSpeed_v2`",
            gpu => Fans(gpu, fan => fan.SpeedPercent)),
        Details("gpu_fan_speed_rpm", "revolutions per minute", "fan", "Measured speed.", "`nvmlDeviceGetFanSpeedRPM`; hwmon `fan1_input`", gpu => Fans(gpu, fan => fan.SpeedRpm)),
        Detail("gpu_power_average_watts", "W", "Board power over the last second.", "NVML field 185; hwmon `power1_average`", gpu => gpu.PowerAverageWatts),
        Detail("gpu_power_instant_watts", "W", "Board power at the instant of the reading.", "NVML field 186; hwmon `power1_input`", gpu => gpu.PowerInstantWatts),
        new(new MetricRow("gpu_power_limit_watts", "W", "", "Power draw at which the driver throttles the board.", "`nvmlDeviceGetEnforcedPowerLimit`", MetricCost.Details),
            view => [view.Sample.PowerLimitWatts is { } limit ? new MetricValue(limit) : null]),
        Details("gpu_clock_hertz", "Hz", "domain", "Clock as it runs now.", "`nvmlDeviceGetClockInfo`; hwmon `freq1_input`", gpu =>
        [
            Of(gpu.GraphicsClockMegahertz * HertzPerMegahertz, "domain", "graphics"), Of(gpu.SmClockMegahertz * HertzPerMegahertz, "domain", "sm"),
            Of(gpu.MemoryClockMegahertz * HertzPerMegahertz, "domain", "memory"), Of(gpu.VideoClockMegahertz * HertzPerMegahertz, "domain", "video"),
        ]),
        Detail("gpu_performance_state", "0 (fastest) to 15", "Performance state.", "`nvmlDeviceGetPerformanceState`", gpu => gpu.PerformanceState),
        Detail("gpu_voltage_volts", "V", "Core voltage.", "hwmon `in0_input`", gpu => gpu.VoltageMillivolts / MillivoltsPerVolt),
        Detail("gpu_encoder_utilization_percent", "0–100", "Encoder utilisation.", "`nvmlDeviceGetEncoderUtilization`", gpu => gpu.EncoderUtilizationPercent),
        Detail("gpu_decoder_utilization_percent", "0–100", "Decoder utilisation.", "`nvmlDeviceGetDecoderUtilization`", gpu => gpu.DecoderUtilizationPercent),
    ];

    private static IEnumerable<GpuMetric> Throttling() =>
    [
        Details("gpu_throttle_reason", "0 or 1", "reason", "1 while the clocks are held back for this reason.", "`nvmlDeviceGetCurrentClocksEventReasons`", gpu =>
            gpu.ThrottleReasons is not { } now ? []
            : Enum.GetValues<GpuThrottleReason>().Select(reason => Of(now.Contains(reason) ? 1 : 0, "reason", WireWord.Of(reason)))),
        Details("gpu_throttle_seconds_total", "s", "reason", "Time the clocks were held back.", "NVML fields 74 (power) and 75 (thermal)",
            gpu => [Of(gpu.PowerThrottleSeconds, "reason", "power"), Of(gpu.ThermalThrottleSeconds, "reason", "thermal")]),
    ];

    private static IEnumerable<GpuMetric> Links() =>
    [
        Detail("gpu_pcie_link_generation", "number", "PCI Express generation as the link runs now.", "`nvmlDeviceGetCurrPcieLinkGeneration`", gpu => gpu.PcieGeneration),
        Detail("gpu_pcie_link_lanes", "number", "PCI Express lanes as the link runs now.", "`nvmlDeviceGetCurrPcieLinkWidth`", gpu => gpu.PcieLaneCount),
        Detail("gpu_pcie_replays_total", "packets", "Packets sent again on the link.", "NVML field 94", gpu => gpu.PcieReplayCount),
        Details("gpu_pcie_bytes_total", "bytes", "direction", "Bytes over PCI Express.", "NVML fields 197 (transmit) and 198 (receive)",
            gpu => [Of(gpu.PcieReceivedBytes, "direction", "receive"), Of(gpu.PcieSentBytes, "direction", "transmit")]),
        Detail("gpu_nvlink_links", "number", "Links to other GPUs.", "NVML field 91", gpu => gpu.NvLink?.LinkCount),
        Details("gpu_nvlink_bytes_total", "bytes", "direction", "Bytes over all NVLinks.", "NVML fields 138 and 139, or 202 and 204",
            gpu => [Of(gpu.NvLink?.ReceivedBytes, "direction", "receive"), Of(gpu.NvLink?.SentBytes, "direction", "transmit")]),
        Details("gpu_mig_enabled", "0 or 1", "", "1 when the GPU is split into instances.", "`nvmlDeviceGetMigMode`", gpu => [Of(gpu.MigEnabled)]),
    ];

    private static IEnumerable<GpuMetric> Errors() =>
    [
        Details("gpu_ecc_errors_total", "errors", "severity, counted", "Memory errors, counted since the driver was loaded or over the GPU's life.", "NVML fields 3 to 6",
            gpu => gpu.Ecc is not { } ecc ? [] :
            [
                Ecc(ecc.CorrectedVolatileCount, "corrected", "volatile"), Ecc(ecc.UncorrectedVolatileCount, "uncorrected", "volatile"),
                Ecc(ecc.CorrectedAggregateCount, "corrected", "aggregate"), Ecc(ecc.UncorrectedAggregateCount, "uncorrected", "aggregate"),
            ]),
        Details("gpu_retired_pages", "pages", "cause", "Memory pages taken out of use.", "NVML fields 29 and 30",
            gpu => [Of(gpu.Ecc?.RetiredPagesCorrectedCount, "cause", "corrected"), Of(gpu.Ecc?.RetiredPagesUncorrectedCount, "cause", "uncorrected")]),
        Details("gpu_page_retirement_pending", "0 or 1", "", "1 when pages wait for a restart.", "NVML field 31", gpu => [Of(gpu.Ecc?.RetirementPending)]),
        Details("gpu_remapped_rows", "rows", "cause", "Memory rows replaced.", "NVML fields 142 and 143",
            gpu => [Of(gpu.Ecc?.RemappedRowsCorrectedCount, "cause", "corrected"), Of(gpu.Ecc?.RemappedRowsUncorrectedCount, "cause", "uncorrected")]),
        Details("gpu_row_remap_pending", "0 or 1", "", "1 when rows wait for a reset.", "NVML field 144", gpu => [Of(gpu.Ecc?.RemapPending)]),
        Details("gpu_row_remap_failed", "0 or 1", "", "1 when a row could not be replaced: the board wants to be exchanged.", "NVML field 145", gpu => [Of(gpu.Ecc?.RemapFailed)]),
        Details("gpu_recovery_action", "0 or 1", "action", "1 for what the driver asks for to get the GPU healthy.", "NVML field 230", gpu =>
            gpu.RecoveryAction is not { } asked ? []
            : Enum.GetValues<GpuRecoveryAction>().Select(action => Of(action == asked ? 1 : 0, "action", WireWord.Of(action)))),
        Details("gpu_xid_last_timestamp_seconds", "Unix time, s", "xid", "When the driver last reported this error.", "NVML events",
            gpu => gpu.Xids?.Select(xid => Of(xid.LastAt.ToUnixTimeMilliseconds() / 1e3, "xid", xid.Code.ToString())) ?? []),
    ];

    private static IEnumerable<GpuMetric> Profiling() =>
    [
        Detail("gpu_graphics_activity_percent", "0–100", "Graphics or compute engine busy.", "GPM 1", gpu => gpu.Profiling?.GraphicsActivityPercent),
        Detail("gpu_sm_activity_percent", "0–100", "Multiprocessors with work.", "GPM 2", gpu => gpu.Profiling?.SmActivityPercent),
        Detail("gpu_sm_occupancy_percent", "0–100", "Warps resident of those possible.", "GPM 3", gpu => gpu.Profiling?.SmOccupancyPercent),
        Detail("gpu_tensor_activity_percent", "0–100", "Tensor cores busy.", "GPM 5", gpu => gpu.Profiling?.TensorActivityPercent),
        Detail("gpu_memory_bandwidth_percent", "0–100", "Share of the memory bandwidth used.", "GPM 10", gpu => gpu.Profiling?.MemoryBandwidthPercent),
        Details("gpu_pcie_throughput_bytes_per_second", "bytes/s", "direction", "Bytes over PCI Express.", "GPM 20 (transmit) and 21 (receive)",
            gpu => [Of(gpu.Profiling?.PcieReceivedBytesPerSecond, "direction", "receive"), Of(gpu.Profiling?.PcieSentBytesPerSecond, "direction", "transmit")]),
    ];

    private static IEnumerable<MetricValue?> Fans(GpuDetails gpu, Func<GpuFan, double?> value) =>
        gpu.Fans?.Select((fan, position) => Of(value(fan), "fan", position.ToString())) ?? [];

    private static MetricValue? Ecc(long? count, string severity, string counted) =>
        count is { } known ? new MetricValue(known, new("severity", severity), new("counted", counted)) : null;
}
