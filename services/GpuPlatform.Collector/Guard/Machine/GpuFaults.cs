using GpuPlatform.Collector.Nvml;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Guard;

/// <summary>Faults of a GPU that a person has seen and does not want to hear of again.</summary>
/// <param name="At">UTC instant of that; errors reported before it no longer count.</param>
/// <param name="UncorrectedCount">Uncorrected memory errors at that time.</param>
/// <param name="RecoveryAction">What the driver asked for at that time.</param>
internal sealed record SeenFaults(DateTimeOffset At, long UncorrectedCount, GpuRecoveryAction? RecoveryAction = null);

/// <summary>Faults with which nothing should run on a GPU.</summary>
internal static class GpuFaults
{
    // Errors after which NVIDIA asks for a reset, a restart or a visit; those of programs are not among them
    private static readonly int[] Grave = [46, 48, 62, 64, 79, 95, 119, 120, 140, 143, 154];

    /// <summary>What is wrong, in words; null when nothing is, or a person has seen it.</summary>
    /// <param name="gpu">As it was last sampled.</param>
    /// <param name="known">The last details it told: one that sleeps tells none, and is no better for it.</param>
    /// <param name="seen">What a person has seen.</param>
    public static string? Of(GpuSample gpu, GpuDetails? known, SeenFaults? seen)
    {
        if (gpu.State == GpuState.Lost) return $"the GPU is lost: {gpu.Error ?? "it does not answer"}";
        if (known is not { } details) return null;
        if (details.Xids?.FirstOrDefault(xid => Grave.Contains(xid.Code) && !(xid.LastAt <= seen?.At)) is { } error)
            return $"the driver reported XID {error.Code}: {XidMeaning.Of(error.Code).Text}";
        if (Uncorrected(details) is > 0 and var count && !(count <= seen?.UncorrectedCount))
            return $"{count} uncorrected memory errors since the driver was loaded: reset the GPU";
        return details.RecoveryAction == seen?.RecoveryAction ? null : details.RecoveryAction switch
        {
            GpuRecoveryAction.Reset or GpuRecoveryAction.DrainAndReset => "the driver asks for a reset of the GPU",
            GpuRecoveryAction.Reboot => "the driver asks for a restart of the machine",
            _ => null,
        };
    }

    /// <summary>All that is known now has been seen.</summary>
    public static SeenFaults See(GpuDetails? details, DateTimeOffset now) => new(now, details is null ? 0 : Uncorrected(details), details?.RecoveryAction);

    private static long Uncorrected(GpuDetails details) => details.Ecc?.UncorrectedVolatileCount ?? 0;
}
