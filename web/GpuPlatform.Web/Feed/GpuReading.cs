using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Feed;

/// <summary>One point of a GPU's lines; null where nothing was reported.</summary>
public readonly record struct GpuReading(
    DateTimeOffset At, double? UtilizationPercent, double? MemoryUsedBytes, double? TemperatureCelsius, double? PowerWatts)
{
    public static GpuReading From(GpuSample sample, DateTimeOffset at) =>
        new(at, sample.UtilizationPercent, sample.MemoryUsedBytes, sample.TemperatureCelsius, sample.PowerWatts);

    public static GpuReading From(GpuPoint point) =>
        new(point.At, point.UtilizationPercent, point.MemoryUsedBytes, point.TemperatureCelsius, point.PowerWatts);
}
