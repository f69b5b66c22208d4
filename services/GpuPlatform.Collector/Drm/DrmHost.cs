using System.Diagnostics.Metrics;

namespace GpuPlatform.Collector.Drm;

/// <summary>What all cards of a host share.</summary>
internal sealed record DrmHost(string Root, DrmHolders Holders, TimeProvider Clock, Counter<long> Errors)
{
    /// <summary>How files are read; a test may refuse some.</summary>
    public KernelRead Read { get; init; } = PosixNative.ReadFile;
}
