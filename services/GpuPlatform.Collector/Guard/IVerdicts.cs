using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Guard;

/// <summary>What the classifier said of the processes of this host. Never blocks.</summary>
internal interface IVerdicts
{
    /// <summary>The newest verdict; null when none came.</summary>
    ProcessClassified? Find(int pid, DateTimeOffset startedAt);

    /// <summary>Raised with every verdict, on the thread that received it: must be quick.</summary>
    event Action? Changed;
}

/// <summary>Tells that a process began or ended somewhere on the host, so that it is worth looking at the driver's lists.</summary>
internal interface IProcessEvents
{
    /// <summary>Raised for any number of events at once, on any thread: must be quick. Without the right to be told it is raised now and then.</summary>
    event Action? Changed;
}
