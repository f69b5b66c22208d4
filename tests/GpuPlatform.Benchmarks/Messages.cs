using GpuPlatform.Contracts;

namespace GpuPlatform.Benchmarks;

/// <summary>What a host with busy GPUs sends.</summary>
internal static class Messages
{
    private static readonly DateTimeOffset Started = new(2026, 11, 20, 23, 0, 0, TimeSpan.Zero);

    /// <summary>One tick; the time is the caller's, since a message of the same instant is one that is known already.</summary>
    public static GpuSampled Tick(string node, DateTimeOffset at, int gpus, int processesPerGpu = 0, bool withDetails = false) => new()
    {
        NodeId = node,
        SampledAt = at,
        Gpus =
        [
            .. Enumerable.Range(0, gpus).Select(index => new GpuSample
            {
                Uuid = $"GPU-{node}-6f1c2d3e-4b5a-6978-8796-{index:000}",
                Index = index,
                Name = "NVIDIA GeForce RTX 4090",
                UtilizationPercent = 97,
                MemoryUtilizationPercent = 41,
                MemoryTotalBytes = 25_757_220_864,
                MemoryUsedBytes = 21_474_836_480 + index,
                MemoryFreeBytes = 3_745_513_472,
                MemoryReservedBytes = 536_870_912,
                TemperatureCelsius = 66,
                PowerWatts = 417.312,
                PowerLimitWatts = 450,
                EnergyJoules = 1_234_567.891,
                Details = withDetails ? Details : null,
                Processes = processesPerGpu == 0 ? null : Processes(index, processesPerGpu),
            }),
        ],
    };

    /// <summary>What a desktop board answers every ten seconds.</summary>
    private static GpuDetails Details { get; } = new()
    {
        MemoryTemperatureCelsius = 84,
        Fans = [new() { SpeedPercent = 63, SpeedRpm = 2016 }, new() { SpeedPercent = 63, SpeedRpm = 1996 }],
        GraphicsClockMegahertz = 2520,
        SmClockMegahertz = 2520,
        MemoryClockMegahertz = 10_501,
        VideoClockMegahertz = 2100,
        PerformanceState = 2,
        ThrottleReasons = [GpuThrottleReason.PowerLimit],
        EncoderUtilizationPercent = 12,
        DecoderUtilizationPercent = 0,
        PcieGeneration = 4,
        PcieLaneCount = 16,
        PcieReceivedBytes = 81_234_567_890,
        PcieSentBytes = 21_234_567_890,
        Xids = [],
        Facts = new() { Vendor = "nvidia", Source = "nvml", PciBusId = "0000:01:00.0", DriverVersion = "580.65.06", MaxGraphicsClockMegahertz = 3105 },
    };

    private static GpuProcessUsage[] Processes(int gpu, int count) =>
    [
        .. Enumerable.Range(1, count).Select(process => new GpuProcessUsage
        {
            Pid = 1000 + gpu * 100 + process, StartedAt = Started, MemoryUsedBytes = process * 1_000_000_000L, SmPercent = 23, MemoryPercent = 11,
        }),
    ];
}
