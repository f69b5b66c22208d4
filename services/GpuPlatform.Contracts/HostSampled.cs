namespace GpuPlatform.Contracts;

/// <summary>
/// A host's heartbeat: its own load and what its collector can see. Sent whether or not the host has a GPU.
/// Identity is (<see cref="NodeId"/>, <see cref="SampledAt"/>).
/// </summary>
public sealed record HostSampled
{
    /// <summary>The host's id, as configured by <c>Node:Id</c>.</summary>
    public required string NodeId { get; init; }

    /// <summary>UTC instant of the reading, in whole milliseconds.</summary>
    public required DateTimeOffset SampledAt { get; init; }

    /// <summary>Busy share of all cores together since the previous sample, 0–100 % (<c>/proc/stat</c>).</summary>
    public double? CpuPercent { get; init; }

    /// <summary>Physical memory, in bytes (<c>/proc/meminfo</c> MemTotal).</summary>
    public long? MemoryTotalBytes { get; init; }

    /// <summary>Memory that is not available for new work, in bytes (MemTotal − MemAvailable).</summary>
    public long? MemoryUsedBytes { get; init; }

    /// <summary>Number of logical processors the host has online.</summary>
    public int? LogicalProcessorCount { get; init; }

    /// <summary>Processes and threads that can be scheduled, running or not (<c>/proc/loadavg</c>, fourth field, behind the slash).</summary>
    public int? TaskCount { get; init; }

    /// <summary>Tasks that ran or waited to run, averaged over one minute (<c>/proc/loadavg</c>).</summary>
    public double? LoadAverage1Minute { get; init; }

    /// <summary>The same over five minutes.</summary>
    public double? LoadAverage5Minutes { get; init; }

    /// <summary>The same over fifteen minutes.</summary>
    public double? LoadAverage15Minutes { get; init; }

    /// <summary>Mean utilisation of the GPUs that answered on the last tick, 0–100 %; null when none did.</summary>
    public double? AverageGpuUtilizationPercent { get; init; }

    /// <summary>What the host's collector says of itself.</summary>
    public required CollectorStatus Collector { get; init; }
}

/// <summary>The state of a collector: where its readings come from and what it could not deliver.</summary>
public sealed record CollectorStatus
{
    /// <summary>The collector's version.</summary>
    public required string Version { get; init; }

    /// <summary>Where GPU readings come from: <c>nvml</c>, <c>simulated</c>, or <c>none</c> when no source works on this host.</summary>
    public required string GpuSource { get; init; }

    /// <summary>Why there are no GPU readings, in words a person can act on; null when there are.</summary>
    public string? GpuUnavailableReason { get; init; }

    /// <summary>Kernel driver version (<c>nvmlSystemGetDriverVersion</c>).</summary>
    public string? DriverVersion { get; init; }

    /// <summary>Highest CUDA version the driver supports, as <c>major.minor</c> (<c>nvmlSystemGetCudaDriverVersion_v2</c>).</summary>
    public string? CudaVersion { get; init; }

    /// <summary>Version of the NVML library (<c>nvmlSystemGetNVMLVersion</c>).</summary>
    public string? NvmlVersion { get; init; }

    /// <summary>Messages waiting to be taken by the broker, in memory and on disk.</summary>
    public long MessagesQueued { get; init; }

    /// <summary>Messages given up since the collector started: there was no room for them, or the disk did not give them back.</summary>
    public long MessagesDropped { get; init; }

    /// <summary>What is not as it should be, in words, one entry each; empty when all is well.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>True while a game runs and the collector keeps away from the dearer driver calls.</summary>
    public bool GameMode { get; init; }

    /// <summary>False when GPUs of the host change hands by hand only (<c>Guard:Enabled</c>); null from a collector that does not say.</summary>
    public bool? GuardEnabled { get; init; }
}
