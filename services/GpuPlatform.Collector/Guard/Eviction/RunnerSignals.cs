using GpuPlatform.Collector.Processes;

namespace GpuPlatform.Collector.Guard.Eviction;

/// <summary>
/// Signals through a handle of the process, which the kernel ties to one life of a number: whoever it turns out to be after it was opened is the one that
/// is signalled, or nobody.
/// </summary>
internal sealed partial class RunnerSignals(ILogger<RunnerSignals> logger) : IRunnerSignals
{
    // The kernel tells starts by a clock that is set now and then; who has a used number starts later than that, and would have to be a runner too
    private static readonly TimeSpan ClockWobble = TimeSpan.FromSeconds(3);

    public string? Send(int pid, DateTimeOffset startedAt, RunnerSignal signal)
    {
        if (!OperatingSystem.IsLinux()) return "processes can be signalled on Linux alone";
        if (pid <= 1) return $"{pid} is no process that may be signalled";
        using var handle = ProcessHandle.Open(pid, out var error);
        if (handle is null) return error is ProcessHandle.NoSuchProcess ? null : $"process {pid} cannot be signalled: error {error}";
        if (!IsTheRunner(pid, startedAt, out var isGone)) return isGone ? null : $"process {pid} is not the runner that was to end";
        error = handle.Send((int)signal);
        if (error is ProcessHandle.NotPermitted) return $"process {pid} belongs to another user: the collector needs CAP_KILL to end it";
        if (error is not 0 and not ProcessHandle.NoSuchProcess) return $"process {pid} could not be signalled: error {error}";
        if (error == 0) Log.Signalled(logger, signal, pid);
        return null;
    }

    // Read after the handle was opened: if it is the runner now, the handle is the runner's
    private static bool IsTheRunner(int pid, DateTimeOffset startedAt, out bool isGone)
    {
        // Numbers are those of this process's own namespace, whatever folder the host's files are read from
        var processes = new ProcFs();
        isGone = !processes.TryReadStamp(pid, out var stamp) || (stamp.StartedAt - startedAt).Duration() > ClockWobble;
        if (isGone) return false;
        var facts = processes.Read(pid);
        // One that has ended and waits for its parent has no arguments
        isGone = facts.CommandLine is null;
        return RunnerProcesses.IsRunner(facts.CommandLine, facts.Ancestors);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Sent {Signal} to the runner {Pid}, which did not let the memory of its GPU go")]
        public static partial void Signalled(ILogger logger, RunnerSignal signal, int pid);
    }
}
