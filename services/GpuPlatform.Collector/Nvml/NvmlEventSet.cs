using System.Runtime.InteropServices;

namespace GpuPlatform.Collector.Nvml;

/// <summary>An event set (<c>nvmlEventSet_t</c>). It holds its session: the driver is not closed before the set is freed.</summary>
internal sealed class NvmlEventSet : SafeHandle
{
    private readonly NvmlEventApi _api;
    private readonly NvmlStatusFunnel _funnel;
    private readonly NvmlSession.Call _hold;

    private NvmlEventSet(nint set, NvmlEventApi api, NvmlStatusFunnel funnel, NvmlSession.Call hold) : base(0, ownsHandle: true)
    {
        (_api, _funnel, _hold) = (api, funnel, hold);
        SetHandle(set);
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>A set for <paramref name="session"/>; null when the driver makes none.</summary>
    public static NvmlEventSet? Create(NvmlSession session, NvmlEventApi api, NvmlStatusFunnel funnel, out NvmlOutcome outcome)
    {
        var hold = session.Enter();
        outcome = funnel.Judge("nvmlEventSetCreate", api.Create(out var set));
        if (outcome == NvmlOutcome.Answered && set != 0)
            return new NvmlEventSet(set, api, funnel, hold);
        hold.Dispose();
        return null;
    }

    public NvmlStatus Register(NvmlDevice device, NvmlEventTypes types) => _api.Register(device, types, handle);

    public NvmlStatus Wait(uint milliseconds, out NvmlEvent data) => _api.Wait(handle, milliseconds, out data);

    protected override bool ReleaseHandle()
    {
        var outcome = _funnel.Judge("nvmlEventSetFree", _api.Free(handle));
        _hold.Dispose();
        return outcome == NvmlOutcome.Answered;
    }
}
