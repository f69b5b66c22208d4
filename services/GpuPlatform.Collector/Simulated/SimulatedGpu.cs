using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Collector.Simulated;

/// <summary>Electrical and thermal character of one simulated board. Load makes power, power makes heat, heat takes its time.</summary>
internal sealed record SimulatedGpu(GpuIdentity Identity, long MemoryTotalBytes, double IdleWatts, double LimitWatts)
{
    private const double ReservedShare = 0.02;
    private const double AmbientCelsius = 31;
    private const double CelsiusPerWatt = 0.115;
    private const double InertiaSeconds = 22;
    private const double StepSeconds = 2;

    public long MemoryReservedBytes => (long)(MemoryTotalBytes * ReservedShare);

    public double Watts(double load) => IdleWatts + (0.94 * LimitWatts - IdleWatts) * Math.Pow(Math.Clamp(load, 0, 1), 0.8);

    /// <summary>
    /// Core temperature: the past loads' final temperatures, each weighed by how much of it the board still holds. A sum over the
    /// past instead of a state keeps every instant independent of which instants were asked before.
    /// </summary>
    public double Celsius(Func<double, double> load, double seconds)
    {
        double sum = 0, weights = 0;
        for (var age = 0d; age < 6 * InertiaSeconds; age += StepSeconds)
        {
            var weight = Math.Exp(-age / InertiaSeconds);
            sum += weight * (AmbientCelsius + CelsiusPerWatt * Watts(load(seconds - age)) * 450 / LimitWatts);
            weights += weight;
        }
        return sum / weights;
    }
}
