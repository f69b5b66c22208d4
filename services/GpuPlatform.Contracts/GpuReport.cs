namespace GpuPlatform.Contracts;

/// <summary>Answer of <see cref="Routes.GpuMetrics"/>: everything that is known of every GPU.</summary>
public sealed record GpuReportList : GpuAnswer
{
    /// <summary>The GPUs, ordered by index.</summary>
    public required IReadOnlyList<GpuReport> Gpus { get; init; }

    /// <summary>Length of <see cref="Gpus"/>.</summary>
    public required int Count { get; init; }
}

/// <summary>One GPU: the last tick's readings, and the newest details and processes with their own ages.</summary>
public sealed record GpuReport
{
    /// <summary>The last tick's readings; details and processes stand beside it.</summary>
    public required GpuSample Readings { get; init; }

    /// <summary>The dearer readings; null when they were never read or the GPU does not answer.</summary>
    public GpuDetails? Details { get; init; }

    /// <summary>UTC instant at which they were read.</summary>
    public DateTimeOffset? DetailsReadAt { get; init; }

    /// <summary>Time since then, in seconds.</summary>
    public double? DetailsAgeSeconds { get; init; }

    /// <summary>The processes on it; null when the list was never read or the GPU does not answer.</summary>
    public IReadOnlyList<GpuProcessReport>? Processes { get; init; }

    /// <summary>UTC instant at which the list was read.</summary>
    public DateTimeOffset? ProcessesReadAt { get; init; }

    /// <summary>Time since then, in seconds.</summary>
    public double? ProcessesAgeSeconds { get; init; }
}
