using System.Diagnostics.Metrics;

namespace GpuPlatform.Collector.Nvml;

/// <summary>What a return code means to the caller.</summary>
internal enum NvmlOutcome
{
    /// <summary>The value is there.</summary>
    Answered,

    /// <summary>This GPU, driver or library has no such value: null, and no error.</summary>
    Absent,

    /// <summary>The value did not come this time: null, counted.</summary>
    Failed,

    /// <summary>The GPU itself no longer answers; others may.</summary>
    GpuLost,

    /// <summary>The session is gone and must be opened anew.</summary>
    SessionLost,
}

/// <summary>The one way from a return code to a meaning. Counts every error by function and code.</summary>
internal sealed class NvmlStatusFunnel(Counter<long> errors)
{
    public NvmlOutcome Judge(string function, NvmlStatus status)
    {
        var outcome = Meaning(status);
        if (outcome >= NvmlOutcome.Failed)
            errors.Add(1, new("function", function), new("code", (int)status));
        return outcome;
    }

    /// <summary>Counts an answer that cannot be true as an error of its own kind.</summary>
    public void CountImplausible(string function) => errors.Add(1, new("function", function), new("code", "implausible"));

    public static NvmlOutcome Meaning(NvmlStatus status) => status switch
    {
        NvmlStatus.Success => NvmlOutcome.Answered,
        NvmlStatus.NotFound or NvmlStatus.NoData => NvmlOutcome.Absent,
        _ when IsForGood(status) => NvmlOutcome.Absent,
        NvmlStatus.GpuIsLost or NvmlStatus.ResetRequired => NvmlOutcome.GpuLost,
        NvmlStatus.Uninitialized or NvmlStatus.LibRmVersionMismatch => NvmlOutcome.SessionLost,
        _ => NvmlOutcome.Failed,
    };

    /// <summary>
    /// True when asking again is no use before the driver is opened anew. A library that refuses the version of a structure is as good as
    /// one without the function.
    /// </summary>
    public static bool IsForGood(NvmlStatus status) => status is NvmlStatus.NotSupported or NvmlStatus.FunctionNotFound
        or NvmlStatus.Deprecated or NvmlStatus.ArgumentVersionMismatch;

    /// <summary>A failed reading of one GPU in words.</summary>
    public static string Describe(NvmlStatus status) => status switch
    {
        NvmlStatus.Uninitialized => "the driver session ended",
        NvmlStatus.InvalidArgument => "the driver refused the GPU's handle",
        NvmlStatus.NoPermission => "no permission to read the GPU",
        NvmlStatus.InsufficientPower => "the GPU's power cables are not attached properly",
        NvmlStatus.Timeout => "the driver timed out",
        NvmlStatus.IrqIssue => "the kernel sees an interrupt problem with the GPU",
        NvmlStatus.CorruptedInfoRom => "the GPU's infoROM is corrupted",
        NvmlStatus.GpuIsLost => "GPU is lost: it has fallen off the bus or is otherwise inaccessible",
        NvmlStatus.ResetRequired => "the GPU needs a reset",
        NvmlStatus.OperatingSystem => "the operating system or a device control group blocks access to the GPU",
        NvmlStatus.LibRmVersionMismatch => "the driver was updated while it was in use",
        NvmlStatus.Memory => "the driver is out of memory",
        NvmlStatus.NotReady => "the GPU is not ready",
        NvmlStatus.GpuNotFound => "the GPU is no longer there",
        _ => "the driver reported an error",
    };
}
