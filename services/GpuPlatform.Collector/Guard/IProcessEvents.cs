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

/// <summary>That a program began in a process, or that a process ended.</summary>
/// <param name="Pid">Which one; null: some of the host, which ones is not known.</param>
/// <param name="HasEnded">True: it ended.</param>
internal readonly record struct ProcessEvent(int? Pid, bool HasEnded)
{
    /// <summary>Some began.</summary>
    public static readonly ProcessEvent SomeBegan = new(null, HasEnded: false);

    /// <summary>Some may have ended.</summary>
    public static readonly ProcessEvent SomeEnded = new(null, HasEnded: true);
}

/// <summary>Tells that processes began or ended somewhere on the host, so that it may be worth looking at the driver's lists. Costs nothing while nobody listens.</summary>
internal interface IProcessEvents
{
    /// <summary>Where the news come from at present.</summary>
    ProcessEventSource Source { get; }

    /// <summary>Why the kernel does not tell; null when it does or was not asked.</summary>
    string? Problem { get; }

    /// <summary>Raised for all events of a moment together, on a thread of its own: must be quick, and keep nothing of the list.</summary>
    event Action<IReadOnlyList<ProcessEvent>>? Changed;
}
