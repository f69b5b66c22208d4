namespace GpuPlatform.Collector.Nvml;

/// <summary>What reading a GPU needs beside the library.</summary>
internal sealed record NvmlSettings
{
    /// <summary>True: the profiling counters are read with the details.</summary>
    public bool Profiling { get; init; }

    public SharedMemory SharedMemory { get; init; } = new();

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
