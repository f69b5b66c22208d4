using System.Diagnostics.Metrics;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using GpuPlatform.ServiceDefaults;

namespace GpuPlatform.Collector.Metrics;

/// <summary>
/// The names, units and labels of dcgm-exporter up to 4.8, which boards such as Grafana 12239 read: MHz, MiB, millijoules, shares of 1. Instances
/// are left out; what this collector does not read has no name here.
/// </summary>
internal sealed class DcgmMetrics
{
    private const double BytesPerMebibyte = 1 << 20;
    private const double MillijoulesPerJoule = 1000;

    private readonly GpuMeasurements _gpus;

    public DcgmMetrics(IMeterFactory meters, PresentGpus present, string hostName)
    {
        _gpus = new GpuMeasurements(meters.Create(MeterNames.ScrapedOnly("Dcgm")), present, view => Labels(view, hostName));
        Device("SM_CLOCK", "SM clock frequency (in MHz).", view => view.Details?.SmClockMegahertz);
        Device("MEM_CLOCK", "Memory clock frequency (in MHz).", view => view.Details?.MemoryClockMegahertz);
        Device("MEMORY_TEMP", "Memory temperature (in C).", view => view.Details?.MemoryTemperatureCelsius);
        Device("GPU_TEMP", "GPU temperature (in C).", view => view.Sample.TemperatureCelsius);
        Device("POWER_USAGE", "Power draw (in W).", view => view.Sample.PowerWatts);
        DeviceCounter("TOTAL_ENERGY_CONSUMPTION", "Energy consumption since the driver was loaded (in mJ).", view => view.Sample.EnergyJoules * MillijoulesPerJoule);
        DeviceCounter("PCIE_REPLAY_COUNTER", "PCIe packets sent again.", view => view.Details?.PcieReplayCount);
        Device("GPU_UTIL", "GPU utilization (in %).", view => view.Sample.UtilizationPercent);
        Device("MEM_COPY_UTIL", "Memory utilization (in %).", view => view.Sample.MemoryUtilizationPercent);
        Device("ENC_UTIL", "Encoder utilization (in %).", view => view.Details?.EncoderUtilizationPercent);
        Device("DEC_UTIL", "Decoder utilization (in %).", view => view.Details?.DecoderUtilizationPercent);
        Device("XID_ERRORS", "Code of the last XID error.", view => view.Details?.Xids is { } xids ? xids.MaxBy(xid => xid.LastAt)?.Code ?? 0 : null);
        Device("FB_FREE", "Framebuffer memory free (in MiB).", view => view.Sample.MemoryFreeBytes / BytesPerMebibyte);
        Device("FB_USED", "Framebuffer memory used (in MiB).", view => view.Sample.MemoryUsedBytes / BytesPerMebibyte);
        Device("FB_RESERVED", "Framebuffer memory reserved (in MiB).", view => view.Sample.MemoryReservedBytes / BytesPerMebibyte);
        DeviceCounter("CORRECTABLE_REMAPPED_ROWS", "Rows remapped after corrected errors.", view => view.Details?.Ecc?.RemappedRowsCorrectedCount);
        DeviceCounter("UNCORRECTABLE_REMAPPED_ROWS", "Rows remapped after uncorrected errors.", view => view.Details?.Ecc?.RemappedRowsUncorrectedCount);
        Device("ROW_REMAP_FAILURE", "1 when a row could not be remapped.", view => view.Details?.Ecc?.RemapFailed is { } failed ? failed ? 1 : 0 : null);
        Profiling("GR_ENGINE_ACTIVE", "Share of time the graphics engine is active.", profiling => profiling.GraphicsActivityPercent / 100);
        Profiling("PIPE_TENSOR_ACTIVE", "Share of cycles the tensor pipe is active.", profiling => profiling.TensorActivityPercent / 100);
        Profiling("DRAM_ACTIVE", "Share of cycles the memory interface is active.", profiling => profiling.MemoryBandwidthPercent / 100);
        Profiling("PCIE_TX_BYTES", "Bytes sent over PCIe per second.", profiling => profiling.PcieSentBytesPerSecond);
        Profiling("PCIE_RX_BYTES", "Bytes received over PCIe per second.", profiling => profiling.PcieReceivedBytesPerSecond);
    }

    private void Device(string name, string help, Func<GpuView, double?> read) => _gpus.Gauge($"DCGM_FI_DEV_{name}", unit: null, help, Whole(read));

    private void DeviceCounter(string name, string help, Func<GpuView, double?> read) => _gpus.Counter($"DCGM_FI_DEV_{name}", unit: null, help, Whole(read));

    private void Profiling(string name, string help, Func<GpuProfiling, double?> read) =>
        _gpus.Gauge($"DCGM_FI_PROF_{name}", unit: null, help, Whole(view => view.Details?.Profiling is { } profiling ? read(profiling) : null));

    private static Func<GpuView, double?> Whole(Func<GpuView, double?> read) => view => view.Sample.ParentUuid is null ? read(view) : null;

    private static KeyValuePair<string, object?>[] Labels(GpuView view, string hostName)
    {
        var index = view.Sample.Index.ToString();
        var facts = view.Details?.Facts;
        return
        [
            new("gpu", index), new("UUID", view.Sample.Uuid), new("pci_bus_id", BusId(facts?.PciBusId)), new("device", $"nvidia{index}"),
            new("modelName", view.Sample.Name), new("Hostname", hostName), new("DCGM_FI_DRIVER_VERSION", facts?.DriverVersion),
        ];
    }

    // DCGM writes the PCI domain with eight digits in upper case, the kernel with four in lower case
    private static string? BusId(string? kernel) => kernel is null ? null : $"0000{kernel}".ToUpperInvariant();
}
