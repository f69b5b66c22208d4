using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Collector.Uplink;

/// <summary>One message of each kind with every field set, and the smallest one there can be.</summary>
internal static class Samples
{
    private static readonly DateTimeOffset At = new(2026, 11, 21, 12, 30, 15, 123, TimeSpan.Zero);

    public static GpuSampled Gpu(string node = "desk") => new()
    {
        NodeId = node,
        SampledAt = At,
        Gpus =
        [
            new()
            {
                Uuid = "GPU-1", Index = 0, Name = "Größe \"90\"", UtilizationPercent = 99.5, MemoryUtilizationPercent = 0, MemoryTotalBytes = 25_757_220_864,
                MemoryUsedBytes = long.MaxValue, MemoryFreeBytes = 0, MemoryReservedBytes = 1, TemperatureCelsius = -3.25, PowerWatts = 431.007, PowerLimitWatts = 450,
                Processes = [new() { Pid = 4242, StartedAt = At.AddHours(-1), MemoryUsedBytes = 1 }, new() { Pid = 1, StartedAt = DateTimeOffset.UnixEpoch }],
            },
            new() { Uuid = "GPU-2", Index = 1, Name = "", Error = "GPU is lost" },
        ],
    };

    public static HostSampled Host() => new()
    {
        NodeId = "desk", SampledAt = At, CpuPercent = 12.5, MemoryTotalBytes = 1, MemoryUsedBytes = 0, LogicalProcessorCount = 32,
        Collector = new()
        {
            Version = "1.2.3", GpuSource = "nvml", GpuUnavailableReason = "none", DriverVersion = "550.1", CudaVersion = "12.4", NvmlVersion = "12", MessagesQueued = 3, MessagesDropped = 4,
        },
    };

    public static GpuProcessObserved Observed() => new()
    {
        NodeId = "desk", GpuUuid = "GPU-1", Pid = 7, StartedAt = At, Change = ProcessChange.Changed, ObservedAt = At, Name = "blender", ExecutablePath = "/usr/bin/blender",
        CommandLine = ["blender", "", "a b\n"], UserName = "ann", Ancestors = ["bash", "systemd"], ControlGroup = "/user.slice",
        Scope = new() { Runtime = ProcessRuntime.CriO, ContainerId = "c", PodUid = "p", Unit = "u.scope", ApplicationId = "a" },
        Environment = new Dictionary<string, string> { ["SteamAppId"] = "570", ["WINEPREFIX"] = "" }, Context = GpuContext.ComputeAndGraphics, MemoryUsedBytes = 5,
    };

    public static ProcessClassified Classified() => new()
    {
        NodeId = "desk", Pid = 7, StartedAt = At, Kind = WorkloadKind.LlmInference, Confidence = 0.75, Rule = "llm/x", Reason = "said so", ObservedAt = At,
    };
}
