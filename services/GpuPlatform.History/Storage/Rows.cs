using GpuPlatform.Contracts;

namespace GpuPlatform.History.Storage;

internal sealed class NodeRow
{
    public required string NodeId { get; set; }
    public DateTimeOffset LastSeenAt { get; set; }
    public int? LogicalProcessorCount { get; set; }
    public required string CollectorVersion { get; set; }
    public required string GpuSource { get; set; }
    public string? GpuUnavailableReason { get; set; }
    public string? DriverVersion { get; set; }
    public string? CudaVersion { get; set; }
    public string? NvmlVersion { get; set; }
    public long MessagesQueued { get; set; }
    public long MessagesDropped { get; set; }
    public string[] Problems { get; set; } = [];
    public bool GameMode { get; set; }
    public bool? GuardEnabled { get; set; }
}

internal sealed class GpuRow
{
    public required string GpuUuid { get; set; }
    public required string NodeId { get; set; }
    public int Index { get; set; }
    public required string Name { get; set; }

    /// <summary>As of the newest tick. A GPU that sleeps has no reading there.</summary>
    public GpuState State { get; set; }

    public string? ParentUuid { get; set; }
    public bool MemoryIsShared { get; set; }
    public DateTimeOffset FirstSeenAt { get; set; }
    public DateTimeOffset LastSeenAt { get; set; }
}

internal sealed class GpuSampleRow
{
    public required string GpuUuid { get; set; }
    public DateTimeOffset SampledAt { get; set; }
    public required string NodeId { get; set; }
    public double? UtilizationPercent { get; set; }
    public double? MemoryUtilizationPercent { get; set; }
    public long? MemoryTotalBytes { get; set; }
    public long? MemoryUsedBytes { get; set; }
    public long? MemoryFreeBytes { get; set; }
    public long? MemoryReservedBytes { get; set; }
    public double? TemperatureCelsius { get; set; }
    public double? PowerWatts { get; set; }
    public double? PowerLimitWatts { get; set; }
    public double? EnergyJoules { get; set; }

    /// <summary>Null for an active GPU, as nearly all are; a sleeping one has no row.</summary>
    public GpuState? State { get; set; }

    public string? Error { get; set; }

    /// <summary>True when the tick listed the processes of this GPU: those it did not list had left by then.</summary>
    public bool ListsProcesses { get; set; }
}

internal sealed class HostSampleRow
{
    public required string NodeId { get; set; }
    public DateTimeOffset SampledAt { get; set; }
    public double? CpuPercent { get; set; }
    public long? MemoryTotalBytes { get; set; }
    public long? MemoryUsedBytes { get; set; }
    public int? TaskCount { get; set; }
    public double? LoadAverage1Minute { get; set; }
    public double? LoadAverage5Minutes { get; set; }
    public double? LoadAverage15Minutes { get; set; }
    public double? AverageGpuUtilizationPercent { get; set; }
}

internal sealed class GpuProcessRow
{
    public required string NodeId { get; set; }
    public int Pid { get; set; }
    public DateTimeOffset StartedAt { get; set; }
    public required string GpuUuid { get; set; }
    public string? Name { get; set; }
    public string? ExecutablePath { get; set; }
    public string[]? CommandLine { get; set; }
    public string? UserName { get; set; }
    public string[]? Ancestors { get; set; }
    public string? ControlGroup { get; set; }

    /// <summary>Name of a <see cref="ProcessRuntime"/>, perhaps of one that only a newer release knows.</summary>
    public string? Runtime { get; set; }

    public string? ContainerId { get; set; }
    public string? PodUid { get; set; }
    public string? Unit { get; set; }
    public string? ApplicationId { get; set; }

    /// <summary>JSON object of texts by name.</summary>
    public string? Environment { get; set; }

    public GpuContext? Context { get; set; }
    public long? MemoryUsedBytes { get; set; }
    public long? PeakMemoryUsedBytes { get; set; }
    public double? SmPercent { get; set; }
    public double? MemoryPercent { get; set; }
    public double? EncoderPercent { get; set; }
    public double? DecoderPercent { get; set; }

    /// <summary>Instant of the list the four shares come from.</summary>
    public DateTimeOffset? UtilizationReadAt { get; set; }

    /// <summary>Instant of the observation the descriptive columns come from; null until one came.</summary>
    public DateTimeOffset? DescribedAt { get; set; }

    public DateTimeOffset FirstSeenAt { get; set; }
    public DateTimeOffset LastSeenAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
}

internal sealed class ProcessVerdictRow
{
    public required string NodeId { get; set; }
    public int Pid { get; set; }
    public DateTimeOffset StartedAt { get; set; }
    public WorkloadKind Kind { get; set; }
    public double Confidence { get; set; }
    public required string Rule { get; set; }
    public required string Reason { get; set; }
    public DateTimeOffset ObservedAt { get; set; }

    /// <summary>JSON, see <see cref="RuleDocument"/>.</summary>
    public string? Rules { get; set; }
}
