using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Readings;

/// <summary>What a GPU is called.</summary>
internal static class GpuLabel
{
    private const int LongestId = 16;

    /// <summary>"RTX 4090" for the driver's "NVIDIA GeForce RTX 4090"; the index tells twins of one node apart.</summary>
    public static string Short(GpuSample gpu, NodeSnapshot node)
    {
        var name = gpu.Name.Replace("NVIDIA ", "", StringComparison.OrdinalIgnoreCase)
            .Replace("GeForce ", "", StringComparison.OrdinalIgnoreCase).Trim();
        if (name.Length == 0) name = "GPU";
        return node.Gpus.Count(other => other.Name == gpu.Name) > 1 ? $"{name} #{gpu.Index}" : name;
    }

    /// <summary>As <see cref="Short"/>, with the node where there are several.</summary>
    public static string OnNode(GpuSample gpu, NodeSnapshot node, bool severalNodes) =>
        severalNodes ? $"{Short(gpu, node)} on {node.NodeId}" : Short(gpu, node);

    /// <summary>The GPU of a record of the past, by its id where its host no longer has it.</summary>
    public static string Of(IReadOnlyList<NodeSnapshot> nodes, string nodeId, string uuid)
    {
        var node = nodes.FirstOrDefault(node => node.NodeId == nodeId);
        return node?.Gpus.FirstOrDefault(gpu => gpu.Uuid == uuid) is { } gpu
            ? OnNode(gpu, node, nodes.Count > 1)
            : $"{(uuid.Length > LongestId ? uuid[..LongestId] + "…" : uuid)} on {nodeId}";
    }

    public static bool IsSimulated(NodeSnapshot node) => node.Host?.Collector.GpuSource == "simulated";
}
