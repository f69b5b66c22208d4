using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.NvidiaSmi;

/// <summary>The bits of <c>nvmlClocksEventReasons</c>.</summary>
internal static class ClockEvents
{
    private static readonly GpuThrottleReason[] ByBit =
    [
        GpuThrottleReason.Idle, GpuThrottleReason.ApplicationClocks, GpuThrottleReason.PowerLimit, GpuThrottleReason.HardwareSlowdown,
        GpuThrottleReason.SyncBoost, GpuThrottleReason.SoftwareThermal, GpuThrottleReason.HardwareThermal, GpuThrottleReason.PowerBrake,
        GpuThrottleReason.DisplayClocks,
    ];

    public static IReadOnlyList<GpuThrottleReason> Reasons(ulong bits)
    {
        var reasons = new List<GpuThrottleReason>();
        for (var bit = 0; bit < ByBit.Length; bit++)
            if ((bits & (1UL << bit)) != 0)
                reasons.Add(ByBit[bit]);
        if (bits >> ByBit.Length != 0)
            reasons.Add(GpuThrottleReason.Unknown);
        return reasons;
    }
}
