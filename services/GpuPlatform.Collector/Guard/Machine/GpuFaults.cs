using GpuPlatform.Collector.Nvml;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Guard;

/// <summary>Faults of a GPU that a person has seen and does not want to hear of again.</summary>
/// <param name="At">UTC instant of that; errors reported before it no longer count.</param>
/// <param name="UncorrectedCount">Uncorrected memory errors at that time.</param>
internal sealed record SeenFaults(DateTimeOffset At, long UncorrectedCount);

/// <summary>Faults with which nothing should run on a GPU.</summary>
internal static class GpuFaults
{
    // Errors after which NVIDIA asks for a reset, a restart or a visit; those of programs are not among them
    private static readonly int[] Grave = [46, 48, 62, 64, 79, 95, 119, 120, 140, 143, 154];

    /// <summary>What is wrong, in words; null when nothing is, or a person has seen it.</summary>
    public static string? Of(GpuView view, SeenFaults? seen)
    {
        if (view.Sample.State == GpuState.Lost) return $"the GPU is lost: {view.Sample.Error ?? "it does not answer"}";
        if (view.Details is not { } details) return null;
        if (details.Xids?.FirstOrDefault(xid => Grave.Contains(xid.Code) && !(xid.LastAt <= seen?.At)) is { } error)
            return $"the driver reported XID {error.Code}: {XidMeaning.Of(error.Code).Text}";
        if (Uncorrected(details) is > 0 and var count && !(count <= seen?.UncorrectedCount))
            return $"{count} uncorrected memory errors since the driver was loaded: reset the GPU";
        return details.RecoveryAction switch
        {
            GpuRecoveryAction.Reset or GpuRecoveryAction.DrainAndReset => "the driver asks for a reset of the GPU",
            GpuRecoveryAction.Reboot => "the driver asks for a restart of the machine",
            _ => null,
        };
    }

    /// <summary>All that is known now has been seen.</summary>
    public static SeenFaults See(GpuView view, DateTimeOffset now) => new(now, view.Details is { } details ? Uncorrected(details) : 0);

    private static long Uncorrected(GpuDetails details) => details.Ecc?.UncorrectedVolatileCount ?? 0;
}
