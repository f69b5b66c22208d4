namespace GpuPlatform.Collector.Guard.Eviction;

/// <summary>How a runner is made to end, by the kernel's numbers.</summary>
internal enum RunnerSignal
{
    /// <summary>SIGKILL: at once.</summary>
    Kill = 9,

    /// <summary>SIGTERM: it may still tidy up.</summary>
    Terminate = 15,
}

/// <summary>The last resort against a runner that does not let its memory go.</summary>
internal interface IRunnerSignals
{
    /// <summary>
    /// Signals a runner, and never anybody else who may have its number by now. Gives what went wrong, in words; null when it was sent, or the runner has
    /// gone already.
    /// </summary>
    string? Send(int pid, DateTimeOffset startedAt, RunnerSignal signal);
}
