using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.History;

/// <summary>Steps of a hand-over that a collector could send.</summary>
internal static class GuardSamples
{
    public static GuardChanged Step { get; } = new()
    {
        NodeId = "desk",
        GpuUuid = "GPU-1",
        ChangedAt = Samples.Now,
        HandOverId = Guid.Parse("0d4fd0a5-3c0f-4c9c-9a53-0f3e3a6c5b11"),
        From = GuardState.Serving,
        To = GuardState.Draining,
        Cause = GuardCause.Process,
        Reason = "witcher3.exe plays",
        InStateMs = 12_000,
        Process = new GuardProcess { Pid = 7, StartedAt = Samples.Now.AddSeconds(-1), Name = "witcher3.exe", Kind = WorkloadKind.Gaming, MemoryUsedBytes = 1 },
        MemoryUsedBytes = 9,
        MemoryUsedBeforeBytes = 10,
        Models = ["qwen3:14b"],
    };
}
