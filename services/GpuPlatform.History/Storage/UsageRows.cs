using GpuPlatform.Contracts;

namespace GpuPlatform.History.Storage;

/// <summary>
/// What one process did on one GPU in one hour. Whole numbers: they add up to the same whatever the order. A figure is known for the time beside it.
/// </summary>
internal sealed class ProcessHourRow
{
    public required string NodeId { get; set; }
    public int Pid { get; set; }
    public DateTimeOffset StartedAt { get; set; }
    public required string GpuUuid { get; set; }

    /// <summary>UTC start of the hour.</summary>
    public DateTimeOffset Hour { get; set; }

    /// <summary>The first and the last list of processes in this hour that has it.</summary>
    public DateTimeOffset FirstAt { get; set; }

    public DateTimeOffset LastAt { get; set; }
    public long MeasuredMs { get; set; }

    /// <summary>The part of it after <see cref="LastAt"/>, to the end of the hour, for which the first list of the next one stands.</summary>
    public long RestMs { get; set; }
    public long MemoryMs { get; set; }
    public long MemoryKibMs { get; set; }
    public long SmMs { get; set; }
    public long SmUs { get; set; }
    public long EncoderMs { get; set; }
    public long EncoderUs { get; set; }
    public long EnergyMs { get; set; }
    public long EnergyMillijoules { get; set; }
    public long? PeakMemoryBytes { get; set; }
}

/// <summary>A verdict on a process at an instant, for what it was taken for before the newest.</summary>
internal sealed class ProcessKindRow
{
    public required string NodeId { get; set; }
    public int Pid { get; set; }
    public DateTimeOffset StartedAt { get; set; }
    public DateTimeOffset ObservedAt { get; set; }
    public WorkloadKind Kind { get; set; }
    public double Confidence { get; set; }
    public required string Rule { get; set; }
}
