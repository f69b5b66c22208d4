using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Readings;

/// <summary>Why a GPU has no readings, in words.</summary>
internal static class GpuStateWords
{
    /// <summary>True when the GPU answers, or an older collector does not say and gives no error.</summary>
    public static bool Answers(GpuSample gpu) => gpu is { State: GpuState.Active, Error: null };

    /// <summary>One or two words for a tag; null while it answers.</summary>
    public static string? Tag(GpuSample gpu) => gpu.State switch
    {
        GpuState.Sleeping => "asleep",
        GpuState.Lost => "lost",
        GpuState.Stalled => "driver hangs",
        GpuState.Failing => "failing",
        _ => gpu.Error is null ? null : "failing",
    };

    /// <summary>For the card; null while it answers.</summary>
    public static string? Sentence(GpuSample gpu) => gpu.State switch
    {
        GpuState.Sleeping => "Asleep, and left so: to read it would wake it.",
        GpuState.Lost => $"This GPU is lost: {Reason(gpu)}",
        GpuState.Stalled => $"The driver hangs on this GPU: {Reason(gpu)}",
        GpuState.Failing => $"The driver does not answer for this GPU: {Reason(gpu)}",
        _ => gpu.Error is null ? null : $"The driver does not answer for this GPU: {Reason(gpu)}",
    };

    /// <summary>For the sentence on top, behind the GPU's name.</summary>
    public static string Predicate(GpuSample gpu) => gpu.State switch
    {
        GpuState.Sleeping => "is asleep and left so",
        GpuState.Lost => $"is lost: {Bare(gpu)}",
        GpuState.Stalled => $"cannot be read, its driver hangs: {Bare(gpu)}",
        _ => $"does not answer: {Bare(gpu)}",
    };

    private static string Reason(GpuSample gpu) => Bare(gpu) + ".";

    private static string Bare(GpuSample gpu) => gpu.Error is { Length: > 0 } reason ? reason.TrimEnd('.') : "no reason was given";
}
