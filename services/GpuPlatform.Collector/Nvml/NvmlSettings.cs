using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;

namespace GpuPlatform.Collector.Nvml;

/// <summary>What the NVML source is told from outside.</summary>
internal sealed record NvmlSettings
{
    private static readonly Meter Unobserved = new("unobserved");

    /// <summary>Where to count.</summary>
    public Meter Meter { get; init; } = Unobserved;

    /// <summary>Where the kernel's trees are mounted.</summary>
    public string Root { get; init; } = "/";

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary><c>Gpu:IdleRelease</c>.</summary>
    public TimeSpan IdleRelease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>Gpu:StallAfter</c>.</summary>
    public TimeSpan StallAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary><c>Gpu:Profiling</c>.</summary>
    public bool Profiling { get; init; }

    public SharedMemory SharedMemory { get; init; } = new();

    public ILogger Logger { get; init; } = NullLogger.Instance;
}
