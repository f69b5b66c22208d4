namespace GpuPlatform.Collector.Simulated;

/// <summary>What a board's counters have counted since the scene began.</summary>
internal readonly record struct MeterReading(double EnergyJoules, double BusySeconds, double PowerLimitedSeconds);

/// <summary>
/// The counters of one board: sums over whole seconds since the scene began, and the part of the last one. The sum reached is kept only so that
/// a long demonstration need not add up its past at every tick; the answer does not depend on which instants were asked before.
/// </summary>
internal sealed class SimulatedMeter(Func<double, double> load, Func<double, double> watts, Func<double, bool> isPowerLimited)
{
    private readonly Lock _gate = new();
    private (long Second, MeterReading Sum) _reached;

    public MeterReading At(double seconds)
    {
        lock (_gate)
        {
            var whole = (long)Math.Floor(Math.Max(0, seconds));
            if (whole < _reached.Second)
                _reached = default;
            while (_reached.Second < whole)
                _reached = (_reached.Second + 1, Add(_reached.Sum, _reached.Second, 1));
            return Add(_reached.Sum, whole, Math.Max(0, seconds) - whole);
        }
    }

    private MeterReading Add(MeterReading sum, long second, double share)
    {
        var middle = second + 0.5;
        return new(sum.EnergyJoules + watts(middle) * share, sum.BusySeconds + load(middle) * share,
            sum.PowerLimitedSeconds + (isPowerLimited(middle) ? share : 0));
    }
}
