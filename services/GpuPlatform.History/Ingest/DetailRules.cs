using GpuPlatform.Contracts;
using GpuPlatform.History.Storage;
using static GpuPlatform.History.Ingest.MessageRules;

namespace GpuPlatform.History.Ingest;

/// <summary>Finds the first impossible field of a GPU's details, as <see cref="MessageRules"/> does of the message.</summary>
internal static class DetailRules
{
    private const int MostEntries = 64;
    private const int MostXids = 1024;
    private const double LeastCelsius = -273.15;
    private const double MostCelsius = 1000;
    private const double MostWatts = 100_000;
    private const double MostMegahertz = 100_000;
    private const double MostSeconds = 1e12;
    private const double MostBytesPerSecond = 1e15;

    /// <summary>A fan may be asked for more than its maximum.</summary>
    private const double MostFanPercent = 1000;

    public static string? Check(GpuDetails details) =>
        Celsius("memoryTemperatureCelsius", details.MemoryTemperatureCelsius) ?? Celsius("hotspotTemperatureCelsius", details.HotspotTemperatureCelsius)
        ?? Celsius("temperatureMarginCelsius", details.TemperatureMarginCelsius) ?? Fans(details.Fans)
        ?? Watts("powerAverageWatts", details.PowerAverageWatts) ?? Watts("powerInstantWatts", details.PowerInstantWatts)
        ?? Clock("graphicsClockMegahertz", details.GraphicsClockMegahertz) ?? Clock("smClockMegahertz", details.SmClockMegahertz)
        ?? Clock("memoryClockMegahertz", details.MemoryClockMegahertz) ?? Clock("videoClockMegahertz", details.VideoClockMegahertz)
        ?? Small("performanceState", details.PerformanceState) ?? Number("voltageMillivolts", details.VoltageMillivolts, 0, 1_000_000)
        ?? Reasons(details.ThrottleReasons) ?? Number("powerThrottleSeconds", details.PowerThrottleSeconds, 0, MostSeconds)
        ?? Number("thermalThrottleSeconds", details.ThermalThrottleSeconds, 0, MostSeconds)
        ?? Share("encoderUtilizationPercent", details.EncoderUtilizationPercent) ?? Share("decoderUtilizationPercent", details.DecoderUtilizationPercent)
        ?? Small("pcieGeneration", details.PcieGeneration) ?? Small("pcieLaneCount", details.PcieLaneCount)
        ?? Count("pcieReplayCount", details.PcieReplayCount) ?? Count("pcieReceivedBytes", details.PcieReceivedBytes)
        ?? Count("pcieSentBytes", details.PcieSentBytes)
        ?? (details.RecoveryAction is not { } action || Enum.IsDefined(action) ? null : "unknown:details.recoveryAction")
        ?? (details.Ecc is { } ecc ? Ecc(ecc) : null) ?? (details.NvLink is { } links ? NvLink(links) : null) ?? Xids(details.Xids)
        ?? (details.Profiling is { } profiling ? Profiling(profiling) : null) ?? (details.Facts is { } facts ? Facts(facts) : null);

    private static string? Fans(IReadOnlyList<GpuFan>? fans) => Entries("fans", fans, MostEntries, fan =>
        Number("fans.speedPercent", fan.SpeedPercent, 0, MostFanPercent) ?? Number("fans.speedRpm", fan.SpeedRpm, 0, 1_000_000));

    private static string? Reasons(IReadOnlyList<GpuThrottleReason>? reasons) =>
        reasons is null ? null
        : reasons.Count > MostEntries ? "too-many:details.throttleReasons"
        : reasons.All(Enum.IsDefined) ? null
        : "unknown:details.throttleReasons";

    private static string? Xids(IReadOnlyList<GpuXid>? xids) => Entries("xids", xids, MostXids, xid =>
        Count("xids.code", xid.Code) ?? Count("xids.count", xid.Count));

    private static string? Entries<T>(string field, IReadOnlyList<T>? entries, int most, Func<T, string?> check) where T : class
    {
        if (entries is null)
            return null;
        if (entries.Count > most)
            return $"too-many:details.{field}";
        foreach (var entry in entries)
            if ((entry is null ? $"missing:details.{field}" : check(entry)) is { } problem)
                return problem;
        return null;
    }

    private static string? Ecc(GpuEcc ecc) =>
        Count("ecc.correctedVolatileCount", ecc.CorrectedVolatileCount) ?? Count("ecc.uncorrectedVolatileCount", ecc.UncorrectedVolatileCount)
        ?? Count("ecc.correctedAggregateCount", ecc.CorrectedAggregateCount) ?? Count("ecc.uncorrectedAggregateCount", ecc.UncorrectedAggregateCount)
        ?? Count("ecc.retiredPagesCorrectedCount", ecc.RetiredPagesCorrectedCount)
        ?? Count("ecc.retiredPagesUncorrectedCount", ecc.RetiredPagesUncorrectedCount)
        ?? Count("ecc.remappedRowsCorrectedCount", ecc.RemappedRowsCorrectedCount)
        ?? Count("ecc.remappedRowsUncorrectedCount", ecc.RemappedRowsUncorrectedCount);

    private static string? NvLink(GpuNvLink links) =>
        Small("nvLink.linkCount", links.LinkCount) ?? Count("nvLink.receivedBytes", links.ReceivedBytes) ?? Count("nvLink.sentBytes", links.SentBytes);

    private static string? Profiling(GpuProfiling shares) =>
        Share("profiling.graphicsActivityPercent", shares.GraphicsActivityPercent) ?? Share("profiling.smActivityPercent", shares.SmActivityPercent)
        ?? Share("profiling.smOccupancyPercent", shares.SmOccupancyPercent) ?? Share("profiling.tensorActivityPercent", shares.TensorActivityPercent)
        ?? Share("profiling.memoryBandwidthPercent", shares.MemoryBandwidthPercent)
        ?? Number("profiling.pcieSentBytesPerSecond", shares.PcieSentBytesPerSecond, 0, MostBytesPerSecond)
        ?? Number("profiling.pcieReceivedBytesPerSecond", shares.PcieReceivedBytesPerSecond, 0, MostBytesPerSecond);

    private static string? Facts(GpuFacts facts) =>
        Word("vendor", facts.Vendor) ?? Word("source", facts.Source) ?? Word("pciBusId", facts.PciBusId) ?? Word("driverVersion", facts.DriverVersion)
        ?? Word("serialNumber", facts.SerialNumber) ?? Word("vbiosVersion", facts.VbiosVersion) ?? Word("computeCapability", facts.ComputeCapability)
        ?? Small("facts.fanCount", facts.FanCount) ?? Clock("facts.maxGraphicsClockMegahertz", facts.MaxGraphicsClockMegahertz)
        ?? Clock("facts.maxSmClockMegahertz", facts.MaxSmClockMegahertz) ?? Clock("facts.maxMemoryClockMegahertz", facts.MaxMemoryClockMegahertz)
        ?? Watts("facts.minPowerLimitWatts", facts.MinPowerLimitWatts) ?? Watts("facts.maxPowerLimitWatts", facts.MaxPowerLimitWatts)
        ?? Watts("facts.defaultPowerLimitWatts", facts.DefaultPowerLimitWatts) ?? Small("facts.maxPcieGeneration", facts.MaxPcieGeneration)
        ?? Small("facts.maxPcieLaneCount", facts.MaxPcieLaneCount) ?? Celsius("facts.shutdownTemperatureCelsius", facts.ShutdownTemperatureCelsius)
        ?? Celsius("facts.slowdownTemperatureCelsius", facts.SlowdownTemperatureCelsius)
        ?? Celsius("facts.maxMemoryTemperatureCelsius", facts.MaxMemoryTemperatureCelsius)
        ?? Celsius("facts.maxOperatingTemperatureCelsius", facts.MaxOperatingTemperatureCelsius);

    private static string? Word(string field, string? text) => Length($"details.facts.{field}", text, TextLimits.Name);

    private static string? Celsius(string field, double? value) => Number(field, value, LeastCelsius, MostCelsius);

    private static string? Watts(string field, double? value) => Number(field, value, 0, MostWatts);

    private static string? Clock(string field, double? value) => Number(field, value, 0, MostMegahertz);

    private static string? Share(string field, double? value) => Percent($"details.{field}", value);

    private static string? Count(string field, long? value) => Bytes($"details.{field}", value);

    private static string? Small(string field, int? value) => Number(field, value, 0, 1024);

    private static string? Number(string field, double? value, double lowest, double highest) => Range($"details.{field}", value, lowest, highest);
}
