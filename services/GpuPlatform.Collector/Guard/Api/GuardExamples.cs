using GpuPlatform.Collector.Api;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Guard;

/// <summary>Answers of an invented host whose GPU a game has.</summary>
internal static class GuardExamples
{
    private const string Uuid = "GPU-6b8f1c1e-2f60-4f52-9d1e-0c3a7a3f1b21";
    private static readonly DateTimeOffset Since = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly GuardReport Answer = new()
    {
        NodeId = "desk",
        Enabled = true,
        Gpus =
        [
            new GuardGpu
            {
                GpuUuid = Uuid, GpuIndex = 0, State = GuardState.Yielded, Since = Since, Throttle = ThrottleLevel.None,
                Reason = "eldenring.exe is gaming (it runs under Steam's app 1245620), with 3.2 GiB",
                Process = new GuardProcess { Pid = 4711, StartedAt = Since.AddSeconds(-2), Name = "eldenring.exe", Kind = WorkloadKind.Gaming, MemoryUsedBytes = 3L << 30 },
                HandOverId = new Guid("0197b1a2-1111-7000-8000-000000000001"),
            },
        ],
        HeldCount = 1,
    };

    public static ApiExample<GuardReport> Report => new(Answer, ApiJson.Default.GuardReport);

    public static ApiExample<GuardReport> Yield => Report with { Request = """{"minutes":60,"reason":"film night"}""" };

    public static ApiExample<GuardReport> Resume => Report with { Request = """{"reason":"back to work"}""" };
}
