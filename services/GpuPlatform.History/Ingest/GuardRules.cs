using GpuPlatform.Contracts;
using GpuPlatform.History.Storage;
using static GpuPlatform.History.Ingest.MessageRules;

namespace GpuPlatform.History.Ingest;

/// <summary>Finds the first impossible field of a step of a hand-over, as <see cref="MessageRules"/> does of the rest.</summary>
internal sealed class GuardRules(MessageRules rules)
{
    private const int MostModels = 1000;

    public string? Check(GuardChanged message) =>
        Id("nodeId", message.NodeId, TextLimits.NodeId) ?? Id("gpuUuid", message.GpuUuid, TextLimits.GpuUuid)
        ?? rules.Instant("changedAt", message.ChangedAt, Earliest) ?? (message.HandOverId == Guid.Empty ? "empty:handOverId" : null)
        ?? (Enum.IsDefined(message.From) ? null : "unknown:from") ?? (Enum.IsDefined(message.To) ? null : "unknown:to")
        ?? (Enum.IsDefined(message.Throttle) ? null : "unknown:throttle") ?? (Enum.IsDefined(message.Cause) ? null : "unknown:cause")
        ?? (message.Reason is null ? "missing:reason" : Length("reason", message.Reason, TextLimits.Reason))
        ?? LlmRules.Ms("inStateMs", message.InStateMs) ?? Bytes("memoryUsedBytes", message.MemoryUsedBytes)
        ?? Bytes("memoryUsedBeforeBytes", message.MemoryUsedBeforeBytes) ?? Bytes("cancelledCount", message.CancelledCount)
        ?? Bytes("heldCount", message.HeldCount) ?? Models(message.Models) ?? (message.Process is { } process ? Process(process) : null);

    private static string? Models(IReadOnlyList<string> models) =>
        models.Contains(null!) ? "missing:models"
        : models.Count > MostModels ? "too-many:models"
        : models.Any(model => model.Length > TextLimits.Model) ? "too-long:models"
        : null;

    private string? Process(GuardProcess process) =>
        (process.Pid > 0 ? null : "not-positive:process.pid") ?? rules.Instant("process.startedAt", process.StartedAt, EarliestStart)
        ?? Length("process.name", process.Name, TextLimits.Name) ?? Bytes("process.memoryUsedBytes", process.MemoryUsedBytes)
        ?? (process.Kind is not { } kind || Enum.IsDefined(kind) ? null : "unknown:process.kind");
}
