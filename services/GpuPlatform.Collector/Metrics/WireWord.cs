using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Metrics;

/// <summary>Names as the messages write them.</summary>
internal static class WireWord
{
    public static string Of(GpuState state) => state.ToString().ToLowerInvariant();

    public static string Of(LlmOutcome outcome) => outcome.ToString().ToLowerInvariant();

    public static string Of(WorkloadKind? kind) => kind is { } known ? Kebab(known.ToString()) : "unknown";

    public static string Of(GpuThrottleReason reason) => Kebab(reason.ToString());

    public static string Of(GpuRecoveryAction action) => action == GpuRecoveryAction.DrainPeerToPeer ? "drain-p2p" : Kebab(action.ToString());

    public static string Of(GpuContext? context) => context switch
    {
        GpuContext.ComputeAndGraphics => "compute+graphics",
        { } known => Kebab(known.ToString()),
        null => "unknown",
    };

    public static string Of(GuardState state) => Kebab(state.ToString());

    public static string Of(GuardCause cause) => Kebab(cause.ToString());

    private static string Kebab(string name) =>
        string.Concat(name.Select((letter, position) => char.IsUpper(letter) && position > 0 ? $"-{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));
}
