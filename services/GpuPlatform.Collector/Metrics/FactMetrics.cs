using static GpuPlatform.Collector.Metrics.GpuMetric;
using static GpuPlatform.Collector.Metrics.MetricValue;

namespace GpuPlatform.Collector.Metrics;

/// <summary>What does not change about a GPU while it is there.</summary>
internal static class FactMetrics
{
    private const double HertzPerMegahertz = 1e6;

    public static IReadOnlyList<GpuMetric> Table { get; } =
    [
        // Without the serial number: a page of metrics is passed around, and the UUID identifies a board already
        Facts("gpu_info", "always 1", "vendor, source, pci_bus_id, driver_version, vbios_version, compute_capability", "What the GPU is, to be joined on uuid.",
            "`nvmlDeviceGetPciInfo_v3`, `nvmlSystemGetDriverVersion`, `nvmlDeviceGetVbiosVersion`, `nvmlDeviceGetCudaComputeCapability`", facts =>
            [
                new MetricValue(1, new("vendor", facts.Vendor), new("source", facts.Source), new("pci_bus_id", facts.PciBusId), new("driver_version", facts.DriverVersion),
                    new("vbios_version", facts.VbiosVersion), new("compute_capability", facts.ComputeCapability)),
            ]),
        Facts("gpu_fans", "number", "", "Fans the driver controls.", "`nvmlDeviceGetNumFans`", facts => [Number(facts.FanCount)]),
        Facts("gpu_clock_max_hertz", "Hz", "domain", "Highest clock.", "`nvmlDeviceGetMaxClockInfo`", facts =>
        [
            Of(facts.MaxGraphicsClockMegahertz * HertzPerMegahertz, "domain", "graphics"), Of(facts.MaxSmClockMegahertz * HertzPerMegahertz, "domain", "sm"),
            Of(facts.MaxMemoryClockMegahertz * HertzPerMegahertz, "domain", "memory"),
        ]),
        Facts("gpu_power_limit_min_watts", "W", "", "Lowest power limit that may be set.", "`nvmlDeviceGetPowerManagementLimitConstraints`",
            facts => [Number(facts.MinPowerLimitWatts)]),
        Facts("gpu_power_limit_max_watts", "W", "", "Highest power limit that may be set.", "the same", facts => [Number(facts.MaxPowerLimitWatts)]),
        Facts("gpu_power_limit_default_watts", "W", "", "Power limit as shipped.", "`nvmlDeviceGetPowerManagementDefaultLimit`", facts => [Number(facts.DefaultPowerLimitWatts)]),
        Facts("gpu_pcie_link_generation_max", "number", "", "Highest PCI Express generation of GPU and slot.", "`nvmlDeviceGetMaxPcieLinkGeneration`",
            facts => [Number(facts.MaxPcieGeneration)]),
        Facts("gpu_pcie_link_lanes_max", "number", "", "Most PCI Express lanes of GPU and slot.", "`nvmlDeviceGetMaxPcieLinkWidth`", facts => [Number(facts.MaxPcieLaneCount)]),
        Facts("gpu_temperature_limit_celsius", "°C", "limit", "Temperature at which something happens.", "`nvmlDeviceGetTemperatureThreshold`", facts =>
        [
            Of(facts.ShutdownTemperatureCelsius, "limit", "shutdown"), Of(facts.SlowdownTemperatureCelsius, "limit", "slowdown"),
            Of(facts.MaxMemoryTemperatureCelsius, "limit", "memory"), Of(facts.MaxOperatingTemperatureCelsius, "limit", "operating"),
        ]),
    ];

    private static MetricValue? Number(double? value) => value is { } known ? new MetricValue(known) : null;
}
