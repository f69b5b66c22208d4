using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Readings;

/// <summary>What a collector answers to whoever wants a GPU, or gives it back, in words.</summary>
internal static class GuardAnswer
{
    /// <param name="yields">Whether it was wanted.</param>
    /// <param name="gpuUuid">Which; null: all of the host.</param>
    /// <param name="report">The answer.</param>
    public static string Of(bool yields, string? gpuUuid, GuardReport report)
    {
        var gpus = report.Gpus.Where(gpu => gpuUuid is null || gpu.GpuUuid.Equals(gpuUuid, StringComparison.OrdinalIgnoreCase)).ToList();
        return yields ? Given(gpus) : TakenBack(gpus);
    }

    // Of several the one that is farthest from it decides
    private static string Given(List<GuardGpu> gpus) =>
        gpus.Exists(gpu => gpu.State is GuardState.Draining) ? "No new request begins; those under way may end."
        : gpus.Exists(gpu => gpu.State is GuardState.Evicting) ? "The models are leaving."
        : gpus.TrueForAll(gpu => gpu.State is GuardState.Yielded) ? $"It is yours{Until(gpus)}."
        : "It is noted.";

    private static string TakenBack(List<GuardGpu> gpus) =>
        gpus.Find(gpu => gpu.State is not (GuardState.Serving or GuardState.Warming)) is { } other
            ? $"GPU {other.GpuIndex} is still {GuardWords.Of(other.State)}: {GuardWords.Sentence(other.Reason)}"
            : "The models may use it.";

    private static string Until(List<GuardGpu> gpus) => gpus.Exists(gpu => gpu.ManualUntil is not null) ? " for that time" : "";
}
