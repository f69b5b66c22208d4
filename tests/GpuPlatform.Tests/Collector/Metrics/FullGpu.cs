using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Collector.Metrics;

/// <summary>A GPU that says everything there is to say, and a heartbeat that does.</summary>
internal static class FullGpu
{
    public static readonly DateTimeOffset StartedAt = new(2026, 1, 15, 8, 0, 0, TimeSpan.Zero);

    public static GpuSample Sample => new()
    {
        Uuid = "GPU-a", Index = 1, Name = "Card", UtilizationPercent = 42, MemoryUtilizationPercent = 17, MemoryTotalBytes = 24L << 30, MemoryUsedBytes = 3L << 30,
        MemoryFreeBytes = 20L << 30, MemoryReservedBytes = 1L << 30, TemperatureCelsius = 61, PowerWatts = 250.5, PowerLimitWatts = 450, EnergyJoules = 1234.5, Details = Details,
        Processes =
        [
            new() { Pid = 7, StartedAt = StartedAt, MemoryUsedBytes = 1L << 30, SmPercent = 30, MemoryPercent = 10, EncoderPercent = 0, DecoderPercent = 5 },
            new() { Pid = 8, StartedAt = StartedAt, MemoryUsedBytes = 2L << 30 },
        ],
    };

    private static GpuDetails Details => new()
    {
        MemoryTemperatureCelsius = 70, HotspotTemperatureCelsius = 75, TemperatureMarginCelsius = 22, Fans = [new() { SpeedPercent = 40, SpeedRpm = 1500 }, new() { SpeedPercent = 41 }],
        PowerAverageWatts = 249, PowerInstantWatts = 255, GraphicsClockMegahertz = 2500, SmClockMegahertz = 2490, MemoryClockMegahertz = 10500, VideoClockMegahertz = 1900,
        PerformanceState = 2, VoltageMillivolts = 950, ThrottleReasons = [GpuThrottleReason.PowerLimit], PowerThrottleSeconds = 3.5, ThermalThrottleSeconds = 0,
        EncoderUtilizationPercent = 12, DecoderUtilizationPercent = 5, PcieGeneration = 4, PcieLaneCount = 16, PcieReplayCount = 3, PcieReceivedBytes = 1000, PcieSentBytes = 2000,
        Ecc = new()
        {
            CorrectedVolatileCount = 1, UncorrectedVolatileCount = 0, CorrectedAggregateCount = 5, UncorrectedAggregateCount = 2, RetiredPagesCorrectedCount = 1,
            RetiredPagesUncorrectedCount = 0, RetirementPending = false, RemappedRowsCorrectedCount = 4, RemappedRowsUncorrectedCount = 1, RemapPending = true, RemapFailed = false,
        },
        RecoveryAction = GpuRecoveryAction.DrainPeerToPeer, NvLink = new() { LinkCount = 12, ReceivedBytes = 10, SentBytes = 20 }, MigEnabled = false,
        Xids = [new() { Code = 13, Count = 2, LastAt = StartedAt }, new() { Code = 79, Count = 1, LastAt = StartedAt.AddMinutes(1) }],
        Profiling = new()
        {
            GraphicsActivityPercent = 41, SmActivityPercent = 40, SmOccupancyPercent = 30, TensorActivityPercent = 20, MemoryBandwidthPercent = 15, PcieSentBytesPerSecond = 5e6,
            PcieReceivedBytesPerSecond = 6e6,
        },
        Facts = new()
        {
            Vendor = "nvidia", Source = "nvml", PciBusId = "0000:0a:00.0", DriverVersion = "570.86.15", VbiosVersion = "95.02", ComputeCapability = "8.9", SerialNumber = "secret",
            FanCount = 2, MaxGraphicsClockMegahertz = 3105, MaxSmClockMegahertz = 3105, MaxMemoryClockMegahertz = 10501, MinPowerLimitWatts = 150, MaxPowerLimitWatts = 600,
            DefaultPowerLimitWatts = 450, MaxPcieGeneration = 4, MaxPcieLaneCount = 16, ShutdownTemperatureCelsius = 95, SlowdownTemperatureCelsius = 90,
            MaxMemoryTemperatureCelsius = 100, MaxOperatingTemperatureCelsius = 85,
        },
    };

    public static HostSampled Host(DateTimeOffset at) => new()
    {
        NodeId = "desk", SampledAt = at, CpuPercent = 3, MemoryTotalBytes = 64L << 30, MemoryUsedBytes = 8L << 30, TaskCount = 900, LoadAverage1Minute = 0.5,
        LoadAverage5Minutes = 0.6, LoadAverage15Minutes = 0.7, AverageGpuUtilizationPercent = 42, Collector = new() { Version = "1", GpuSource = "nvml", Problems = ["one"] },
    };
}
