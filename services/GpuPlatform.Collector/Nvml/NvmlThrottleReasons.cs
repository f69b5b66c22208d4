using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Nvml;

/// <summary>Bits of <c>nvmlDeviceGetCurrentClocksEventReasons</c> as reasons.</summary>
internal static class NvmlThrottleReasons
{
    private static readonly (ulong Bit, GpuThrottleReason Reason)[] Known =
    [
        (0x1, GpuThrottleReason.Idle), (0x2, GpuThrottleReason.ApplicationClocks), (0x4, GpuThrottleReason.PowerLimit),
        (0x8, GpuThrottleReason.HardwareSlowdown), (0x10, GpuThrottleReason.SyncBoost), (0x20, GpuThrottleReason.SoftwareThermal),
        (0x40, GpuThrottleReason.HardwareThermal), (0x80, GpuThrottleReason.PowerBrake), (0x100, GpuThrottleReason.DisplayClocks),
    ];

    /// <summary>Null for all ones: not available.</summary>
    public static IReadOnlyList<GpuThrottleReason>? Parse(ulong bits)
    {
        if (bits is 0)
            return [];
        if (bits is ulong.MaxValue)
            return null;
        var reasons = new List<GpuThrottleReason>();
        foreach (var (bit, reason) in Known)
        {
            if ((bits & bit) != 0)
                reasons.Add(reason);
            bits &= ~bit;
        }
        if (bits != 0)
            reasons.Add(GpuThrottleReason.Unknown);
        return reasons;
    }
}
