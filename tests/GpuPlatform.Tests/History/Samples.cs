using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.History;

/// <summary>Messages that are in order; tests change one field.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Started = Now.AddHours(-1);

    public static GpuSampled Tick(DateTimeOffset at, params int[]? pids) => new()
    {
        NodeId = "desk",
        SampledAt = at,
        Gpus = [Gpu with { Processes = pids?.Select(pid => new GpuProcessUsage { Pid = pid, StartedAt = Started, MemoryUsedBytes = pid }).ToArray() }],
    };

    public static GpuSample Gpu => new() { Uuid = "GPU-1", Index = 0, Name = "Test", UtilizationPercent = 0 };

    public static HostSampled Host(DateTimeOffset at) => new()
    {
        NodeId = "desk", SampledAt = at, Collector = new CollectorStatus { Version = "1", GpuSource = "simulated" },
    };

    public static GpuProcessObserved Process(int pid, ProcessChange change, DateTimeOffset at, string? name = "p") => new()
    {
        NodeId = "desk", GpuUuid = "GPU-1", Pid = pid, StartedAt = Started, Change = change, ObservedAt = at, Name = name,
    };

    public static ProcessClassified Verdict(int pid, DateTimeOffset at, WorkloadKind kind, double confidence = 0.9) => new()
    {
        NodeId = "desk", Pid = pid, StartedAt = Started, Kind = kind, Confidence = confidence, Rule = $"test/{kind}", Reason = "because", ObservedAt = at,
    };
}
