using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Readings;

/// <summary>What is wrong with a GPU that still answers: memory errors, reported error codes, what the driver asks for.</summary>
internal static class GpuTroubles
{
    public static IReadOnlyList<string> Of(GpuSample gpu, DateTimeOffset now) =>
        gpu.Details is not { } details ? [] : [.. Ecc(details.Ecc), .. Action(details.RecoveryAction), .. Xids(details.Xids, now)];

    private static IEnumerable<string> Ecc(GpuEcc? ecc)
    {
        if (ecc is null) yield break;
        if (ecc.RemapFailed is true) yield return "A broken memory row could not be replaced: the board wants to be exchanged.";
        if (ecc.UncorrectedVolatileCount > 0)
            yield return $"{Times(ecc.UncorrectedVolatileCount.Value, "uncorrected memory error")} since the driver was loaded: results may be wrong.";
        if (ecc.RemapPending is true || ecc.RetirementPending is true) yield return "Broken memory waits for a reset of the GPU to be taken out of use.";
    }

    private static IEnumerable<string> Action(GpuRecoveryAction? action) => action switch
    {
        GpuRecoveryAction.Reset => ["The driver asks for a reset of this GPU."],
        GpuRecoveryAction.Reboot => ["The driver asks for a restart of the machine."],
        GpuRecoveryAction.DrainPeerToPeer => ["The driver asks to end all traffic between this GPU and others."],
        GpuRecoveryAction.DrainAndReset => ["The driver asks to end all work on this GPU, then for a reset."],
        GpuRecoveryAction.Unknown => ["The driver asks for something that is unknown here."],
        _ => [],
    };

    private static IEnumerable<string> Xids(IReadOnlyList<GpuXid>? xids, DateTimeOffset now) => (xids ?? []).OrderByDescending(xid => xid.LastAt)
        .Select(xid => $"XID {xid.Code}{Meaning(xid.Code)}: {Times(xid.Count, "report")}, the last {Age.Ago(xid.LastAt, now)}.");

    // Those that people meet most, from NVIDIA's catalogue of XID errors
    private static string Meaning(int code) => code switch
    {
        13 => " (a program's fault in the graphics engine)",
        31 => " (a program's fault in memory access)",
        43 => " (a program's work was stopped)",
        45 => " (work was cut off)",
        48 => " (uncorrectable memory error)",
        61 or 62 => " (fault in the GPU's own controller)",
        63 or 64 => " (memory row taken out of use)",
        74 => " (NVLink error)",
        79 => " (fell off the bus)",
        94 or 95 => " (uncorrectable memory error, a program was hit)",
        119 or 120 => " (the GPU's system processor does not answer)",
        _ => "",
    };

    private static string Times(long count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
