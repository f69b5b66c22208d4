namespace GpuPlatform.Collector.Sampling;

/// <summary>
/// One way to read GPUs of this host. It never throws for what a driver does. Its calls may hang: they are made in a <see cref="DriverRound"/>, and
/// while one hangs the source or the GPU it was made for is not asked again, but others are, from another thread.
/// </summary>
internal interface IGpuSource : IDisposable
{
    /// <summary>What the source is and, when it cannot read, why.</summary>
    SourceInfo Info { get; }

    /// <summary>The GPUs it reads, ordered by index; empty while it is not open. Never changed in place: another list, when they change.</summary>
    IReadOnlyList<IGpu> Gpus { get; }

    /// <summary>
    /// Makes the source ready and takes note of GPUs that came, went, fell asleep or woke; cheap when nothing did. False leaves the reason in
    /// <see cref="Info"/>.
    /// </summary>
    bool Open();
}

/// <summary>One GPU of a source. What is asked of it is asked by one thread at a time, and shares no state with another GPU that a hanging call may hold.</summary>
internal interface IGpu
{
    GpuIdentity Identity { get; }

    /// <summary>True when the kernel has powered it down. Asks the kernel, never the driver: to ask the driver is to wake it.</summary>
    bool IsAsleep();

    /// <summary>The cheap tier, without allocating. Every field is set anew; what does not answer is null.</summary>
    void Read(ref GpuReading reading);

    /// <summary>The dear tier; null when the GPU has nothing to say beyond <see cref="Read"/>.</summary>
    GpuDetailReading? ReadDetails();

    /// <summary>Replaces the list's content by the processes on it, one entry per pid; false when the driver did not say.</summary>
    bool ReadProcesses(List<GpuProcessReading> processes);
}
