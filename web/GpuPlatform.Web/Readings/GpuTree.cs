using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Readings;

/// <summary>Which GPUs are boards and which are instances of one.</summary>
internal static class GpuTree
{
    /// <summary>The GPUs that stand for themselves: an instance whose board is not among them does, too.</summary>
    public static IEnumerable<GpuSample> Whole(NodeSnapshot node) => node.Gpus.Where(gpu => Parent(node, gpu) is null);

    public static IReadOnlyList<GpuSample> Instances(NodeSnapshot node, GpuSample gpu) =>
        [.. node.Gpus.Where(other => Parent(node, other)?.Uuid == gpu.Uuid)];

    /// <summary>The processes on a board and on its instances.</summary>
    public static IEnumerable<GpuProcess> Processes(NodeSnapshot node, GpuSample gpu)
    {
        var uuids = Instances(node, gpu).Select(instance => instance.Uuid).Append(gpu.Uuid).ToHashSet(StringComparer.Ordinal);
        return node.Processes.Where(process => uuids.Contains(process.GpuUuid));
    }

    // One level only, and never itself: whoever claims more is shown beside the others
    private static GpuSample? Parent(NodeSnapshot node, GpuSample gpu) => gpu.ParentUuid is null || gpu.ParentUuid == gpu.Uuid
        ? null
        : node.Gpus.FirstOrDefault(other => other.Uuid == gpu.ParentUuid && other.ParentUuid is null);
}
