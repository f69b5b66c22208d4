using System.Runtime.InteropServices;
using GpuPlatform.Collector.Processes;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Guard;

/// <summary>Ends the process of a model that does not leave.</summary>
internal interface IRunnerSignals
{
    /// <summary>Asks it to end, or ends it. Returns what went wrong; null when nothing did, or it is gone already.</summary>
    string? Send(GpuProcessObserved runner, bool kill);
}

/// <summary>By the signals of Unix.</summary>
internal sealed partial class RunnerSignals(string root) : IRunnerSignals
{
    private const int NoSuchProcess = 3;
    private const int SigKill = 9;
    private const int SigTerm = 15;

    // What one reader of the kernel's clock and another make of the same start
    private static readonly TimeSpan Wobble = TimeSpan.FromSeconds(2.5);

    private readonly ProcessIdentities _identities = new(Path.Combine(root, "proc"));

    public string? Send(GpuProcessObserved runner, bool kill)
    {
        if (!OperatingSystem.IsLinux()) return "processes are ended on Linux only";
        if (root != "/") return "processes are not ended from within a container (Gpu:Root)";
        _identities.ForgetUnasked();
        // The number may have passed to another process since the list was read
        if (runner.Pid <= 1 || !_identities.TryRead(runner.Pid, out var stamp) || (stamp.StartedAt - runner.StartedAt).Duration() > Wobble) return null;
        if (Kill(runner.Pid, kill ? SigKill : SigTerm) == 0 || Marshal.GetLastPInvokeError() is var error and NoSuchProcess) return null;
        return $"{runner.Name ?? "the process"} ({runner.Pid}) cannot be ended: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}";
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int pid, int signal);
}
