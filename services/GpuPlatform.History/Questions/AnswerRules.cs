using GpuPlatform.Contracts;
using GpuPlatform.History.Storage;
using static GpuPlatform.History.Ingest.MessageRules;

namespace GpuPlatform.History.Questions;

/// <summary>Finds the first impossible field of a collector's answer; null means that it can be passed on.</summary>
internal static class AnswerRules
{
    private const int MostGpus = 256;
    private const int MostEntries = 1000;

    public static string? Check(NodeAnswered answer) =>
        Id("nodeId", answer.NodeId, TextLimits.NodeId) ?? (answer.AnsweredAt < Earliest ? "too-old:answeredAt" : null)
        ?? Length("problem", answer.Problem, TextLimits.Reason)
        ?? (answer.Guard is { } guard ? Guard(guard) : null) ?? (answer.Capacity is { } capacity ? Capacity(capacity) : null)
        ?? (answer.Placement is { } placement ? Placement(placement) : null);

    private static string? Guard(GuardReport report) =>
        Each("guard.gpus", report.Gpus, MostGpus, Gpu) ?? Bytes("guard.heldCount", report.HeldCount)
        ?? Each("guard.problems", report.Problems, MostEntries, problem => Length("guard.problems", problem, TextLimits.Reason));

    private static string? Gpu(GuardGpu gpu) =>
        Id("guard.gpus.gpuUuid", gpu.GpuUuid, TextLimits.GpuUuid) ?? (Enum.IsDefined(gpu.State) ? null : "unknown:guard.gpus.state")
        ?? (Enum.IsDefined(gpu.Throttle) ? null : "unknown:guard.gpus.throttle")
        ?? (gpu.Reason is null ? "missing:guard.gpus.reason" : Length("guard.gpus.reason", gpu.Reason, TextLimits.Reason))
        ?? Length("guard.gpus.process.name", gpu.Process?.Name, TextLimits.Name);

    private static string? Capacity(CapacityReport report) => Each("capacity.gpus", report.Gpus, MostGpus, Gpu);

    private static string? Gpu(GpuCapacity gpu) =>
        Id("capacity.gpus.gpuUuid", gpu.GpuUuid, TextLimits.GpuUuid) ?? (gpu.Name is null ? "missing:capacity.gpus.name" : Length("capacity.gpus.name", gpu.Name, TextLimits.Name))
        ?? (Enum.IsDefined(gpu.State) ? null : "unknown:capacity.gpus.state") ?? Bytes("capacity.gpus.totalBytes", gpu.TotalBytes)
        ?? Bytes("capacity.gpus.freeBytes", gpu.FreeBytes) ?? Bytes("capacity.gpus.reclaimableBytes", gpu.ReclaimableBytes)
        ?? Range("capacity.gpus.trendBytesPerMinute", gpu.TrendBytesPerMinute, double.MinValue, double.MaxValue)
        ?? (gpu.UsedByKind is null ? null : Each("capacity.gpus.usedByKind", gpu.UsedByKind, MostEntries, kind => Bytes("capacity.gpus.usedByKind.bytes", kind.Bytes)));

    private static string? Placement(PlacementReport report) =>
        Length("placement.model", report.Model, TextLimits.Model) ?? (report.NeededBytes > 0 ? null : "not-positive:placement.neededBytes")
        ?? (Enum.IsDefined(report.NeededFrom) && Enum.IsDefined(report.Fit) ? null : "unknown:placement.fit") ?? Length("placement.gpuUuid", report.GpuUuid, TextLimits.GpuUuid)
        ?? (report.Reason is null ? "missing:placement.reason" : Length("placement.reason", report.Reason, TextLimits.Reason))
        ?? Each("placement.gpus", report.Gpus, MostGpus, gpu => Id("placement.gpus.gpuUuid", gpu.GpuUuid, TextLimits.GpuUuid)
            ?? (Enum.IsDefined(gpu.Fit) ? null : "unknown:placement.gpus.fit")
            ?? (gpu.Reason is null ? "missing:placement.gpus.reason" : Length("placement.gpus.reason", gpu.Reason, TextLimits.Reason)));

    private static string? Each<T>(string field, IReadOnlyList<T>? entries, int most, Func<T, string?> check) where T : class
    {
        if (entries is null)
            return $"missing:{field}";
        if (entries.Count > most)
            return $"too-many:{field}";
        foreach (var entry in entries)
            if ((entry is null ? $"missing:{field}" : check(entry)) is { } problem)
                return problem;
        return null;
    }
}
