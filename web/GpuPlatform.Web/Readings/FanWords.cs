using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Readings;

/// <summary>A GPU's fans as one reading: the fastest is the one that is heard.</summary>
internal static class FanWords
{
    /// <summary>Speed of the fastest fan in percent; null without a fan, or when none was reported.</summary>
    public static double? Percent(GpuDetails? details) => details?.Fans?.Max(fan => fan.SpeedPercent);

    /// <summary>"63 %, 2016 rpm", "off", or null when nothing was reported.</summary>
    public static string? Of(GpuDetails? details)
    {
        var (percent, rpm) = (Percent(details), details?.Fans?.Max(fan => fan.SpeedRpm));
        return (percent, rpm) switch
        {
            (null, null) => null,
            (0 or null, 0) or (0, null) => "off",
            (null, _) => Quantity.Rpm(rpm),
            (_, null) => Quantity.Percent(percent),
            _ => $"{Quantity.Percent(percent)}, {Quantity.Rpm(rpm)}",
        };
    }

    /// <summary>For a sentence: ", 71 °C, fans at 63 %, held back by its power limit"; empty when nothing of it was reported.</summary>
    public static string Clause(GpuSample gpu)
    {
        var percent = Percent(gpu.Details);
        var parts = new List<string>();
        if (percent is { } speed)
        {
            // The temperature is told as the reason of the fans
            if (gpu.TemperatureCelsius is not null) parts.Add(Quantity.Celsius(gpu.TemperatureCelsius));
            parts.Add(speed == 0 ? "fans off" : $"fans at {Quantity.Percent(speed)}");
        }
        if (ThrottleWords.Of(gpu.Details) is { } held) parts.Add(held);
        return string.Concat(parts.Select(part => ", " + part));
    }
}
