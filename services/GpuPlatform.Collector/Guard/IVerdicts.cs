using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Guard;

/// <summary>A verdict as it came, with the trace it belongs to.</summary>
/// <param name="Verdict">What the classifier said.</param>
/// <param name="TraceParent">W3C id of the span in which it was sent; null when there was none.</param>
internal sealed record ReceivedVerdict(ProcessClassified Verdict, string? TraceParent);

/// <summary>What the classifier said of the processes of this host. Never blocks.</summary>
internal interface IVerdicts
{
    /// <summary>The newest verdict; null when none came.</summary>
    ReceivedVerdict? Find(int pid, DateTimeOffset startedAt);

    /// <summary>Raised with every verdict, on the thread that received it: must be quick.</summary>
    event Action? Changed;
}
