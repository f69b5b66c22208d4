using GpuPlatform.Collector.Processes;

namespace GpuPlatform.Collector.Sampling;

/// <summary>
/// One way to read the GPUs of this host. A source is used by one thread at a time and never throws for what a driver does:
/// a reading that did not come is null, a GPU that fails says so in <see cref="GpuReading.Error"/>.
/// </summary>
internal interface IGpuSource : IDisposable
{
    /// <summary>What the source is and, when it cannot read, why.</summary>
    SourceInfo Info { get; }

    /// <summary>The GPUs it reads, ordered by index; empty while the source is not open. Never changed in place.</summary>
    IReadOnlyList<GpuIdentity> Devices { get; }

    /// <summary>Where facts about the processes it lists come from.</summary>
    IProcessReader Processes { get; }

    /// <summary>Makes the source ready; cheap when it is. False leaves the reason in <see cref="Info"/>.</summary>
    bool Open();

    /// <summary>Reads every GPU of <see cref="Devices"/>, one entry each, without allocating.</summary>
    void Read(Span<GpuReading> readings);

    /// <summary>Replaces the list's content by the processes on one GPU, one entry per pid; false when the driver did not say.</summary>
    bool ReadProcesses(int position, List<GpuProcessReading> processes);
}
