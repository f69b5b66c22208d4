using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Simulated;

/// <summary>The dearer readings of one simulated board at one instant, made from its load and heat alone.</summary>
internal static class SimulatedDetails
{
    private const double ReceivedBytesPerBusySecond = 420e6;
    private const double SentBytesPerBusySecond = 150e6;
    private const double VideoClockShare = 0.85;

    public static GpuDetails Of(SimulatedGpu board, Func<double, double> loadAt, double seconds, double watts, MeterReading meter, GpuReading reading)
    {
        var load = loadAt(seconds);
        var clock = board.ClockMegahertz(load);
        return new GpuDetails
        {
            MemoryTemperatureCelsius = Math.Round(board.Celsius(loadAt, seconds) + 6 + 6 * load),
            TemperatureMarginCelsius = board.Facts.SlowdownTemperatureCelsius - reading.TemperatureCelsius,
            Fans = Fans(board, board.FanPercent(loadAt, seconds)),
            PowerAverageWatts = reading.PowerWatts,
            PowerInstantWatts = Math.Round(watts, 1),
            GraphicsClockMegahertz = clock,
            SmClockMegahertz = clock,
            MemoryClockMegahertz = board.MemoryClockMegahertz(load),
            VideoClockMegahertz = Math.Round(clock * VideoClockShare / 15) * 15,
            PerformanceState = SimulatedGpu.PerformanceState(load),
            ThrottleReasons = SimulatedGpu.IsIdle(load) ? [GpuThrottleReason.Idle]
                : SimulatedGpu.IsPowerLimited(load) ? [GpuThrottleReason.PowerLimit]
                : [],
            PowerThrottleSeconds = Math.Round(meter.PowerLimitedSeconds, 1),
            ThermalThrottleSeconds = 0,
            PcieGeneration = SimulatedGpu.IsIdle(load) ? 1 : 4,
            PcieLaneCount = 16,
            PcieReplayCount = 0,
            PcieReceivedBytes = (long)(meter.BusySeconds * ReceivedBytesPerBusySecond),
            PcieSentBytes = (long)(meter.BusySeconds * SentBytesPerBusySecond),
            MigEnabled = false,
            Xids = [],
            Facts = board.Facts,
        };
    }

    // Fans of one board turn alike, but never quite the same
    private static GpuFan[] Fans(SimulatedGpu board, double percent) =>
    [
        .. Enumerable.Range(0, board.FanCount).Select(fan => new GpuFan
        {
            SpeedPercent = percent,
            SpeedRpm = Math.Round(percent / 100 * board.FanMaxRpm * (1 - 0.01 * fan)),
        }),
    ];
}
