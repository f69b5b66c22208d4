using GpuPlatform.Contracts;

namespace GpuPlatform.History.Storage;

/// <summary>A step of handing a GPU over. Words are kept as they are on the wire.</summary>
internal sealed class GuardEventRow
{
    public required string NodeId { get; set; }
    public required string GpuUuid { get; set; }
    public DateTimeOffset ChangedAt { get; set; }
    public Guid HandOverId { get; set; }
    public required string FromState { get; set; }
    public required string ToState { get; set; }
    public required string Throttle { get; set; }
    public required string Cause { get; set; }
    public required string Reason { get; set; }
    public double? InStateMs { get; set; }
    public int? Pid { get; set; }
    public DateTimeOffset? ProcessStartedAt { get; set; }
    public string? ProcessName { get; set; }
    public WorkloadKind? ProcessKind { get; set; }
    public long? ProcessMemoryBytes { get; set; }
    public long? MemoryUsedBytes { get; set; }
    public long? MemoryUsedBeforeBytes { get; set; }
    public int CancelledCount { get; set; }
    public int HeldCount { get; set; }
    public string[] Models { get; set; } = [];

    /// <summary>A state that only a newer release knows is shown as the one in which nothing is withheld.</summary>
    public GuardChanged ToContract() => new()
    {
        NodeId = NodeId,
        GpuUuid = GpuUuid,
        ChangedAt = ChangedAt,
        HandOverId = HandOverId,
        From = WireName.Parse<GuardState>(FromState) ?? GuardState.Serving,
        To = WireName.Parse<GuardState>(ToState) ?? GuardState.Serving,
        Throttle = WireName.Parse<ThrottleLevel>(Throttle) ?? ThrottleLevel.None,
        Cause = WireName.Parse<GuardCause>(Cause) ?? GuardCause.Unknown,
        Reason = Reason,
        InStateMs = InStateMs,
        Process = Pid is { } pid && ProcessStartedAt is { } startedAt
            ? new() { Pid = pid, StartedAt = startedAt, Name = ProcessName, Kind = ProcessKind, MemoryUsedBytes = ProcessMemoryBytes }
            : null,
        MemoryUsedBytes = MemoryUsedBytes,
        MemoryUsedBeforeBytes = MemoryUsedBeforeBytes,
        CancelledCount = CancelledCount,
        HeldCount = HeldCount,
        Models = Models,
    };
}
