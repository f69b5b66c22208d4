namespace GpuPlatform.Collector.Guard;

/// <summary>How it is known that processes came or went.</summary>
internal enum ProcessEventSource
{
    /// <summary>Nobody asks, so nobody is asked.</summary>
    Off,

    /// <summary>The kernel says so.</summary>
    Kernel,

    /// <summary>The kernel's count of processes is looked at now and then.</summary>
    Poll,
}

/// <summary>Tells that a process began or ended somewhere on the host, so that it is worth looking at the driver's lists. Costs nothing while nobody listens.</summary>
internal interface IProcessEvents
{
    /// <summary>Where the news come from at present.</summary>
    ProcessEventSource Source { get; }

    /// <summary>Why the kernel does not tell; null when it does or was not asked.</summary>
    string? Problem { get; }

    /// <summary>Raised for any number of events at once, on a thread of its own: must be quick. From the kernel: a program began, or a process ended; else: a process or a thread began.</summary>
    event Action? Changed;
}
