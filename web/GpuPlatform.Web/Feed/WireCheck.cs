using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Feed;

/// <summary>What the serializer cannot check: null elements of lists.</summary>
internal static class WireCheck
{
    public static bool IsWhole(NodeSnapshot? node) =>
        node is { NodeId.Length: > 0 }
        && node.Gpus.All(gpu => gpu is { Uuid.Length: > 0 } && gpu.Processes?.Contains(null!) is not true && IsWhole(gpu.Details))
        && node.Host?.Collector.Problems.Contains(null!) is not true
        && node.Processes.All(process => process is not null && process.CommandLine?.Contains(null!) is not true);

    private static bool IsWhole(GpuDetails? details) => details?.Fans?.Contains(null!) is not true && details?.Xids?.Contains(null!) is not true;

    public static bool IsWhole(HistoricalSeries? series) =>
        series is not null && series.Gpus.All(gpu => gpu is { Uuid.Length: > 0 } && !gpu.Points.Contains(null!) && gpu.Details?.Contains(null!) is not true);
}
