using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Feed;

/// <summary>One point of a GPU's lines; null where nothing was reported.</summary>
public readonly record struct GpuReading(
    DateTimeOffset At, double? UtilizationPercent, double? MemoryUsedBytes, double? TemperatureCelsius, double? PowerWatts,
    double? FanSpeedPercent = null, double? ClockMegahertz = null)
{
    /// <summary>Details are read less often: they count until the next ones.</summary>
    public static GpuReading From(GpuSample sample, DateTimeOffset at) =>
        new(at, sample.UtilizationPercent, sample.MemoryUsedBytes, sample.TemperatureCelsius, sample.PowerWatts,
            sample.Details?.Fans?.Max(fan => fan.SpeedPercent), sample.Details?.GraphicsClockMegahertz);

    /// <summary>The points of a series, each with the newest details before it that are no older than two of their steps.</summary>
    public static IEnumerable<GpuReading> From(GpuSeries series, double detailStepSeconds)
    {
        var details = series.Details ?? [];
        var next = 0;
        foreach (var point in series.Points)
        {
            while (next < details.Count && details[next].At <= point.At) next++;
            var detail = next > 0 && (point.At - details[next - 1].At).TotalSeconds <= 2 * detailStepSeconds ? details[next - 1] : null;
            yield return new(point.At, point.UtilizationPercent, point.MemoryUsedBytes, point.TemperatureCelsius, point.PowerWatts,
                detail?.FanSpeedPercent, detail?.GraphicsClockMegahertz);
        }
    }
}
