using GpuPlatform.Collector.Guard;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Collector.Guard;

/// <summary>Processes on a GPU as tests write them.</summary>
internal static class GuardProcesses
{
    public const string Gpu = "GPU-a";
    public const long MiB = 1L << 20;
    public const long GiB = 1L << 30;

    public static readonly DateTimeOffset StartedAt = new(2026, 1, 15, 8, 0, 0, TimeSpan.Zero);

    public static GpuProcessObserved Process(int pid, string name, GpuContext context = GpuContext.ComputeAndGraphics, long? memory = 3 * GiB, string gpu = Gpu) => new()
    {
        NodeId = "desk", GpuUuid = gpu, Pid = pid, StartedAt = StartedAt, Change = ProcessChange.Started, ObservedAt = StartedAt, Name = name, Context = context, MemoryUsedBytes = memory,
        ExecutablePath = $"/usr/bin/{name}", CommandLine = [$"/usr/bin/{name}"],
    };

    public static ReceivedVerdict Verdict(int pid, WorkloadKind kind, string? trace = null) => new(new ProcessClassified
    {
        NodeId = "desk", Pid = pid, StartedAt = StartedAt, Kind = kind, Confidence = 0.9, Rule = "test", Reason = "the test says so", ObservedAt = StartedAt,
    }, trace);
}
