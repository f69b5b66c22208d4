using System.Runtime.InteropServices;

namespace GpuPlatform.Collector.Nvml;

/// <summary>
/// An initialised library. Every call into it and every event set holds it, so that it is closed and unloaded behind the last of them: to unload
/// code in which a thread hangs would end the process.
/// </summary>
internal sealed class NvmlSessionHandle : SafeHandle
{
    private readonly NvmlLibrary _library;
    private readonly NvmlApi _api;
    private readonly NvmlStatusFunnel _funnel;
    private readonly List<IDisposable> _parts = [];
    private volatile bool _isEnded;

    public NvmlSessionHandle(NvmlLibrary library, NvmlApi api, NvmlStatusFunnel funnel) : base(0, ownsHandle: true)
    {
        (_library, _api, _funnel) = (library, api, funnel);
        SetHandle(1);
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>True when the driver has been closed.</summary>
    public bool IsEnded => _isEnded;

    /// <summary>Adds something that the library lent, and that is given back before the driver is closed.</summary>
    public void Own(IDisposable part)
    {
        lock (_parts)
            _parts.Add(part);
    }

    protected override bool ReleaseHandle()
    {
        lock (_parts)
            _parts.ForEach(part => part.Dispose());
        var outcome = _funnel.Judge("nvmlShutdown", _api.Shutdown());
        _library.Dispose();
        _isEnded = true;
        return outcome == NvmlOutcome.Answered;
    }
}
