using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Feed;

/// <summary>What the serializer cannot check: null elements of lists.</summary>
internal static class WireCheck
{
    public static bool IsWhole(NodeSnapshot? node) =>
        node is { NodeId.Length: > 0 }
        && node.Gpus.All(gpu => gpu is { Uuid.Length: > 0 } && gpu.Processes?.Contains(null!) is not true && IsWhole(gpu.Details))
        && node.Host?.Collector.Problems.Contains(null!) is not true
        && node.Processes.All(process => process is not null && process.CommandLine?.Contains(null!) is not true && process.Rules?.Contains(null!) is not true)
        && node.Guard.All(IsWhole)
        && IsWhole(node.Llm);

    private static bool IsWhole(LlmActivity? activity) => activity is null
        || (!activity.InFlight.Contains(null!)
            && activity.Servers.All(server => server is not null && !server.Resident.Contains(null!) && server.Available?.Contains(null!) is not true));

    public static bool IsWhole(LlmUsage? usage) =>
        usage is not null && !usage.Models.Contains(null!) && !usage.Clients.Contains(null!) && !usage.Series.Contains(null!) && !usage.Residency.Contains(null!)
        && IsWhole(usage.TimeToFirstToken) && IsWhole(usage.TimePerOutputToken);

    public static bool IsWhole(LlmSessionPage? page) => page is not null && page.Sessions.All(session => session?.GpuUuids.Contains(null!) is false);

    public static bool IsWhole(ProcessSessionPage? page) => page is not null && page.Sessions.All(session => session?.Kinds.Contains(null!) is false);

    public static bool IsWhole(GuardEventPage? page) => page is not null && page.Events.All(IsWhole);

    public static bool IsWhole(GuardReport? report) => report?.Gpus.Contains(null!) is false;

    public static bool IsWhole(RackPlacement? placement) =>
        placement is not null && placement.Nodes.All(node => node?.Gpus.Contains(null!) is false) && !placement.Silent.Contains(null!);

    private static bool IsWhole(GuardChanged? step) => step is { GpuUuid.Length: > 0 } && !step.Models.Contains(null!);

    private static bool IsWhole(LlmDistribution distribution) => distribution.Counts.Count == distribution.UpperBoundsMs.Count + 1;

    private static bool IsWhole(GpuDetails? details) => details?.Fans?.Contains(null!) is not true && details?.Xids?.Contains(null!) is not true;

    public static bool IsWhole(HistoricalSeries? series) =>
        series is not null && series.Gpus.All(gpu => gpu is { Uuid.Length: > 0 } && !gpu.Points.Contains(null!) && gpu.Details?.Contains(null!) is not true);
}
