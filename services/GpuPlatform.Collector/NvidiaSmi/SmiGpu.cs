using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.NvidiaSmi;

/// <summary>One GPU of the tables the source keeps.</summary>
internal sealed class SmiGpu(SmiSource source, GpuIdentity identity) : IGpu
{
    public GpuIdentity Identity => identity;

    // While any GPU sleeps the program is not run at all: it looks at every one
    public bool IsAsleep() => source.IsAnyAsleep();

    public void Read(ref GpuReading reading)
    {
        if (source.Row(identity.Uuid) is not { } row)
        {
            reading = new GpuReading { Error = source.Failure ?? "nvidia-smi does not list the GPU any more", IsLost = source.Failure is null };
            return;
        }
        var total = SmiText.Bytes(row["memory.total"]) is > 0 and var bytes ? bytes : (long?)null;
        reading = new GpuReading
        {
            UtilizationPercent = SmiText.Percent(row["utilization.gpu"]),
            MemoryUtilizationPercent = SmiText.Percent(row["utilization.memory"]),
            MemoryTotalBytes = total,
            MemoryUsedBytes = AtMost(total, SmiText.Bytes(row["memory.used"])),
            MemoryFreeBytes = AtMost(total, SmiText.Bytes(row["memory.free"])),
            MemoryReservedBytes = AtMost(total, SmiText.Bytes(row["memory.reserved"])),
            TemperatureCelsius = SmiText.Number(row["temperature.gpu"], -100, 200),
            PowerWatts = SmiText.Number(row["power.draw"], 0, 10_000),
        };
    }

    public GpuDetailReading? ReadDetails() => source.DetailRow(identity.Uuid) is { } row
        ? new(Details(row), SmiText.Number(row["enforced.power.limit"], 0.001, 10_000))
        : null;

    public bool ReadProcesses(List<GpuProcessReading> processes) => source.ReadProcesses(identity.Uuid, processes);

    private static long? AtMost(long? total, long? value) => value <= total ? value : null;

    private static GpuDetails Details(SmiRow row) => new()
    {
        MemoryTemperatureCelsius = SmiText.Number(row["temperature.memory"], -100, 200),
        PowerAverageWatts = SmiText.Number(row["power.draw.average"], 0, 10_000),
        PowerInstantWatts = SmiText.Number(row["power.draw.instant"], 0, 10_000),
        Fans = SmiText.Number(row["fan.speed"], 0, 300) is { } percent ? [new GpuFan { SpeedPercent = percent }] : null,
        GraphicsClockMegahertz = Clock(row["clocks.gr"]),
        SmClockMegahertz = Clock(row["clocks.sm"]),
        MemoryClockMegahertz = Clock(row["clocks.mem"]),
        VideoClockMegahertz = Clock(row["clocks.video"]),
        PerformanceState = SmiText.PerformanceState(row["pstate"]),
        ThrottleReasons = SmiText.ThrottleReasons(row["clocks_event_reasons.active"]) ?? SmiText.ThrottleReasons(row["clocks_throttle_reasons.active"]),
        EncoderUtilizationPercent = SmiText.Percent(row["utilization.encoder"]),
        DecoderUtilizationPercent = SmiText.Percent(row["utilization.decoder"]),
        PcieGeneration = SmiText.SmallCount(row["pcie.link.gen.current"]),
        PcieLaneCount = SmiText.SmallCount(row["pcie.link.width.current"]),
        Ecc = Ecc(row),
        MigEnabled = SmiText.Switch(row["mig.mode.current"]),
        Facts = Facts(row),
    };

    private static GpuEcc? Ecc(SmiRow row)
    {
        var ecc = new GpuEcc
        {
            CorrectedVolatileCount = SmiText.Count(row["ecc.errors.corrected.volatile.total"]),
            UncorrectedVolatileCount = SmiText.Count(row["ecc.errors.uncorrected.volatile.total"]),
            CorrectedAggregateCount = SmiText.Count(row["ecc.errors.corrected.aggregate.total"]),
            UncorrectedAggregateCount = SmiText.Count(row["ecc.errors.uncorrected.aggregate.total"]),
            RetiredPagesCorrectedCount = SmiText.Count(row["retired_pages.single_bit_ecc.count"]),
            RetiredPagesUncorrectedCount = SmiText.Count(row["retired_pages.double_bit.count"]),
            RetirementPending = SmiText.Switch(row["retired_pages.pending"]),
        };
        return ecc == new GpuEcc() ? null : ecc;
    }

    private static GpuFacts Facts(SmiRow row) => new()
    {
        Vendor = "nvidia",
        Source = SourceInfo.NvidiaSmi,
        PciBusId = SmiText.PciBusId(row["pci.bus_id"]),
        DriverVersion = SmiText.Words(row["driver_version"]),
        SerialNumber = SmiText.Words(row["serial"]),
        VbiosVersion = SmiText.Words(row["vbios_version"]),
        ComputeCapability = SmiText.Words(row["compute_cap"]),
        MaxGraphicsClockMegahertz = Clock(row["clocks.max.gr"]),
        MaxSmClockMegahertz = Clock(row["clocks.max.sm"]),
        MaxMemoryClockMegahertz = Clock(row["clocks.max.mem"]),
        MinPowerLimitWatts = SmiText.Number(row["power.min_limit"], 0, 10_000),
        MaxPowerLimitWatts = SmiText.Number(row["power.max_limit"], 0, 10_000),
        DefaultPowerLimitWatts = SmiText.Number(row["power.default_limit"], 0, 10_000),
        MaxPcieGeneration = SmiText.SmallCount(row["pcie.link.gen.max"]),
        MaxPcieLaneCount = SmiText.SmallCount(row["pcie.link.width.max"]),
    };

    private static double? Clock(string? text) => SmiText.Number(text, 0, 100_000);
}
