using GpuPlatform.Web.Feed;

namespace GpuPlatform.Web.Readings;

/// <summary>What a line chart can show of a GPU.</summary>
public sealed record Metric(string Key, string Label, string Unit, double? Max, int Decimals, Func<GpuReading, double?> Value)
    : Measure(Key, Label, Unit, Max, Decimals)
{
    public static readonly Metric Utilization = new("utilization", "Utilisation", "%", 100, 0, reading => reading.UtilizationPercent);
    public static readonly Metric Memory = new("memory", "Memory", "GiB", null, 1, reading => reading.MemoryUsedBytes / Quantity.BytesPerGib);
    public static readonly Metric Temperature = new("temperature", "Temperature", "°C", null, 0, reading => reading.TemperatureCelsius);
    public static readonly Metric Power = new("power", "Power", "W", null, 0, reading => reading.PowerWatts);
    public static readonly Metric Fans = new("fans", "Fans", "%", 100, 0, reading => reading.FanSpeedPercent);
    public static readonly Metric Clock = new("clock", "Clock", "MHz", null, 0, reading => reading.ClockMegahertz);

    public static readonly IReadOnlyList<Metric> All = [Utilization, Memory, Temperature, Power, Fans, Clock];
}
