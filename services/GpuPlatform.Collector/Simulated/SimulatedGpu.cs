using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Simulated;

/// <summary>Electrical and thermal character of one simulated board. Load makes power, power makes heat, heat takes its time, and fans follow the heat.</summary>
internal sealed record SimulatedGpu(GpuIdentity Identity, long MemoryTotalBytes, double IdleWatts, double LimitWatts)
{
    private const double ReservedShare = 0.02;
    private const double AmbientCelsius = 31;
    private const double CelsiusPerWatt = 0.115;
    private const double InertiaSeconds = 22;
    private const double StepSeconds = 2;
    private const double IdleLoad = 0.03;
    private const double PowerLimitedLoad = 0.93;
    private const double FansStartCelsius = 48;
    private const double SlowestFanPercent = 30;
    private const double FanPercentPerDegree = 1.3;
    private const double FanInertiaSeconds = 15;
    private const double FanStepSeconds = 3;
    private const double IdleClockMegahertz = 210;

    public required double MaxClockMegahertz { get; init; }

    public required double MaxMemoryClockMegahertz { get; init; }

    public required int FanCount { get; init; }

    public required double FanMaxRpm { get; init; }

    public required string PciBusId { get; init; }

    public required string ComputeCapability { get; init; }

    public long MemoryReservedBytes => (long)(MemoryTotalBytes * ReservedShare);

    public double Watts(double load) => IdleWatts + (0.94 * LimitWatts - IdleWatts) * Math.Pow(Math.Clamp(load, 0, 1), 0.8);

    public static bool IsIdle(double load) => load < IdleLoad;

    /// <summary>True when the clocks would go higher if the board might draw more.</summary>
    public static bool IsPowerLimited(double load) => load > PowerLimitedLoad;

    public static int PerformanceState(double load) => load switch { < IdleLoad => 8, < 0.15 => 5, < 0.5 => 2, _ => 0 };

    public double ClockMegahertz(double load)
    {
        if (IsIdle(load))
            return IdleClockMegahertz;
        var limited = IsPowerLimited(load) ? 0.94 : 1;
        return Math.Round((IdleClockMegahertz + (MaxClockMegahertz - IdleClockMegahertz) * Math.Pow(Math.Min(load, 1), 0.3)) * limited / 15) * 15;
    }

    public double MemoryClockMegahertz(double load) =>
        PerformanceState(load) switch { 8 => 405, 5 => 810, 2 => MaxMemoryClockMegahertz - 250, _ => MaxMemoryClockMegahertz };

    /// <summary>
    /// Core temperature: the past loads' final temperatures, each weighed by how much of it the board still holds. A sum over the
    /// past instead of a state keeps every instant independent of which instants were asked before.
    /// </summary>
    public double Celsius(Func<double, double> load, double seconds) => Past(InertiaSeconds, StepSeconds,
        age => AmbientCelsius + CelsiusPerWatt * Watts(load(seconds - age)) * 450 / LimitWatts);

    /// <summary>Speed of the fans: they stand still on a cool board, and follow the temperature later than it comes.</summary>
    public double FanPercent(Func<double, double> load, double seconds)
    {
        var wanted = Past(FanInertiaSeconds, FanStepSeconds, age => Wanted(Celsius(load, seconds - age)));
        return wanted < SlowestFanPercent / 2 ? 0 : Math.Round(Math.Clamp(wanted, SlowestFanPercent, 100));

        static double Wanted(double celsius) => celsius < FansStartCelsius ? 0 : SlowestFanPercent + (celsius - FansStartCelsius) * FanPercentPerDegree;
    }

    public GpuFacts Facts => new()
    {
        Vendor = "nvidia",
        Source = SourceInfo.Simulated,
        PciBusId = PciBusId,
        DriverVersion = SourceInfo.Simulated,
        ComputeCapability = ComputeCapability,
        FanCount = FanCount,
        MaxGraphicsClockMegahertz = MaxClockMegahertz,
        MaxSmClockMegahertz = MaxClockMegahertz,
        MaxMemoryClockMegahertz = MaxMemoryClockMegahertz,
        MinPowerLimitWatts = Math.Round(LimitWatts / 3),
        MaxPowerLimitWatts = Math.Round(LimitWatts * 4 / 3),
        DefaultPowerLimitWatts = LimitWatts,
        MaxPcieGeneration = 4,
        MaxPcieLaneCount = 16,
        ShutdownTemperatureCelsius = 100,
        SlowdownTemperatureCelsius = 97,
        MaxMemoryTemperatureCelsius = 110,
        MaxOperatingTemperatureCelsius = 90,
    };

    private static double Past(double inertiaSeconds, double stepSeconds, Func<double, double> value)
    {
        double sum = 0, weights = 0;
        for (var age = 0d; age < 6 * inertiaSeconds; age += stepSeconds)
        {
            var weight = Math.Exp(-age / inertiaSeconds);
            sum += weight * value(age);
            weights += weight;
        }
        return sum / weights;
    }
}
