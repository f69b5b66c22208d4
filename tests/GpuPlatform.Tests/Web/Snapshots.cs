using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Web;

/// <summary>Small snapshots to vary with <c>with</c>.</summary>
internal static class Snapshots
{
    public const long Gib = 1024L * 1024 * 1024;

    public static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public static GpuSample Gpu(string uuid = "GPU-a", double? utilization = 87, string name = "NVIDIA GeForce RTX 4090", int index = 0) => new()
    {
        Uuid = uuid,
        Index = index,
        Name = name,
        UtilizationPercent = utilization,
        MemoryTotalBytes = 24 * Gib,
        MemoryUsedBytes = 15 * Gib,
    };

    public static GpuProcess Process(string? name, WorkloadKind? kind, double? gib, int pid = 1, string gpu = "GPU-a") => new()
    {
        GpuUuid = gpu,
        Pid = pid,
        StartedAt = Noon.AddHours(-1),
        Name = name,
        Kind = kind,
        MemoryUsedBytes = gib is { } size ? (long)(size * Gib) : null,
    };

    public static NodeSnapshot Node(DateTimeOffset at, params GpuSample[] gpus) => new()
    {
        NodeId = "desk",
        LastSeenAt = at,
        Stale = false,
        GpusSampledAt = at,
        Gpus = gpus,
        Processes = [],
    };
}
