using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Collector.Metrics;

/// <summary>A model server that says everything.</summary>
internal static class FullServer
{
    public static LlmServer Server { get; } = new()
    {
        Name = "ollama",
        Upstream = "http://127.0.0.1:11434",
        Reachable = true,
        Resident = [new ResidentModel { Name = "a:1b", SizeBytes = 2, VramBytes = 1 }],
        RequestsRunning = 1,
        RequestsWaiting = 2,
        CacheUsedPercent = 3,
    };

    public static ModelResidencyChanged Load { get; } =
        new() { NodeId = "desk", ChangedAt = FullGpu.StartedAt, Server = "ollama", Model = "a:1b", Change = ResidencyChange.Loaded };
}
