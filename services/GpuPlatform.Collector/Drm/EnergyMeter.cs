namespace GpuPlatform.Collector.Drm;

/// <summary>Power from a counter of energy: the mean since the last reading. A counter that went back says nothing until the next one.</summary>
internal sealed class EnergyMeter(TimeProvider clock)
{
    private const double MostWatts = 1_000_000;

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    private long? _microjoules;
    private double? _watts;
    private long _at;

    public double? Watts(long? microjoules)
    {
        var now = clock.GetTimestamp();
        var passed = clock.GetElapsedTime(_at, now);
        if (_microjoules is not null && passed < Shortest)
            return _watts;
        _watts = microjoules - _microjoules is >= 0 and var difference && difference / passed.TotalMicroseconds is <= MostWatts and var watts
            ? watts : null;
        (_microjoules, _at) = (microjoules, now);
        return _watts;
    }
}
