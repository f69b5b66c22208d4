using GpuPlatform.Contracts;
using static GpuPlatform.Tests.Web.Snapshots;

namespace GpuPlatform.Tests.Web;

/// <summary>The steps of a hand-over to a game, to vary with <c>with</c>.</summary>
internal static class GuardSnapshots
{
    public static readonly Guid Story = Guid.Parse("0d4fd0a5-3c0f-4c9c-9a53-0f3e3a6c5b11");

    public static readonly GuardProcess Game = new() { Pid = 7, StartedAt = Noon, Name = "witcher3.exe", Kind = WorkloadKind.Gaming };

    public static readonly GuardProcess Blender = new() { Pid = 8, StartedAt = Noon, Name = "blender", Kind = WorkloadKind.Rendering };

    public static GuardChanged Step(double seconds, GuardState from, GuardState to, GuardProcess? process = null, double? gib = null) => new()
    {
        NodeId = "desk",
        GpuUuid = "GPU-a",
        ChangedAt = Noon.AddSeconds(seconds),
        HandOverId = Story,
        From = from,
        To = to,
        Cause = GuardCause.Process,
        Reason = "witcher3.exe plays",
        Process = process,
        MemoryUsedBytes = gib is { } size ? (long)(size * Gib) : null,
        MemoryUsedBeforeBytes = 20 * Gib,
    };

    /// <summary>The throttle alone changes while models use the GPU.</summary>
    public static GuardChanged Spared(double seconds, ThrottleLevel level) =>
        Step(seconds, GuardState.Serving, GuardState.Serving) with { Cause = GuardCause.Heat, Reason = "it is hot", Throttle = level };

    public static GuardChanged[] Whole =>
    [
        Step(0, GuardState.Serving, GuardState.Draining, Game, 20), Step(0.2, GuardState.Draining, GuardState.Evicting, Game, 20),
        Step(0.6, GuardState.Evicting, GuardState.Yielded, Game, 2) with { HeldCount = 3 }, Step(3600, GuardState.Yielded, GuardState.Warming, null, 1),
        Step(3605, GuardState.Warming, GuardState.Serving, null, 20),
    ];
}
