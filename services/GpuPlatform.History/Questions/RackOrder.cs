using GpuPlatform.Contracts;

namespace GpuPlatform.History.Questions;

/// <summary>Which host is best for something. Pure.</summary>
internal static class RackOrder
{
    /// <param name="model">The model that was asked for; null when an amount was.</param>
    /// <param name="having">Hosts that have the model, or were asked for an amount.</param>
    /// <param name="lacking">Hosts that would have to get it first.</param>
    /// <param name="silent">Hosts of which nothing is known.</param>
    public static RackPlacement Of(string? model, IReadOnlyList<NodeAnswered> having, IReadOnlyList<NodeAnswered> lacking, IReadOnlyList<NodeCapacity> silent)
    {
        // Of equals the one that has the model, then the one with the least to spare: what is large stays whole for what is large
        List<PlacementReport> placements =
        [
            .. having.Concat(lacking).OrderBy(answer => answer.Placement!.Fit).ThenBy(lacking.Contains).ThenBy(Spare).ThenBy(answer => answer.NodeId, StringComparer.Ordinal)
                .Select(answer => answer.Placement!),
        ];
        var silence = silent.Count == 0 ? "" : $"; nothing is known of {string.Join(", ", silent.Select(node => node.NodeId))}";
        return placements is [var best, ..]
            ? new()
            {
                Model = model, Fit = best.Fit, NodeId = best.Fit is PlacementFit.Never or PlacementFit.Unknown ? null : best.NodeId, GpuUuid = best.GpuUuid,
                Reason = $"{best.NodeId}: {best.Reason}{silence}", Nodes = placements, Silent = silent,
            }
            : new() { Model = model, Fit = PlacementFit.Unknown, Reason = $"no host answers{silence}", Nodes = [], Silent = silent };
    }

    // Split over several GPUs it has none to itself
    private static long Spare(NodeAnswered answer) =>
        answer.Capacity?.Gpus.FirstOrDefault(gpu => gpu.GpuUuid == answer.Placement!.GpuUuid)?.FreeBytes ?? long.MaxValue;
}
