using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Readings;

/// <summary>What holds a GPU's clocks back, in words.</summary>
internal static class ThrottleWords
{
    /// <summary>"held back by its power limit and heat"; null when nothing does, or only that there is nothing to do.</summary>
    public static string? Of(GpuDetails? details)
    {
        var causes = (details?.ThrottleReasons ?? []).Where(reason => reason is not GpuThrottleReason.Idle).Select(Cause)
            .Distinct(StringComparer.Ordinal).ToList();
        return causes.Count == 0 ? null : $"held back by {string.Join(" and ", causes)}";
    }

    /// <summary>True for what a user should do something about; a power limit is a choice.</summary>
    public static bool IsAlarming(GpuDetails? details) => details?.ThrottleReasons?.Any(reason => reason is GpuThrottleReason.SoftwareThermal
        or GpuThrottleReason.HardwareThermal or GpuThrottleReason.HardwareSlowdown or GpuThrottleReason.PowerBrake) is true;

    private static string Cause(GpuThrottleReason reason) => reason switch
    {
        GpuThrottleReason.PowerLimit => "its power limit",
        GpuThrottleReason.SoftwareThermal or GpuThrottleReason.HardwareThermal => "heat",
        GpuThrottleReason.HardwareSlowdown => "a slowdown of the hardware (heat or power supply)",
        GpuThrottleReason.PowerBrake => "the power supply",
        GpuThrottleReason.SyncBoost => "the slowest GPU of its group",
        GpuThrottleReason.ApplicationClocks => "clocks that somebody set",
        GpuThrottleReason.DisplayClocks => "the display's clocks",
        _ => "a reason unknown here",
    };
}
