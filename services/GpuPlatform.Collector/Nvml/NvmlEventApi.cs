using System.Runtime.InteropServices;

namespace GpuPlatform.Collector.Nvml;

/// <summary>Kinds of events (<c>nvmlEventType…</c>) that are listened for.</summary>
[Flags]
internal enum NvmlEventTypes : ulong
{
    None = 0,
    CorrectedMemoryError = 1,
    UncorrectedMemoryError = 2,
    Xid = 8,
}

/// <summary><c>nvmlEventData_t</c>, 32 bytes; the first version of the call fills 24.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlEvent
{
    public NvmlDevice Device;
    public NvmlEventTypes Type;

    /// <summary>Of an XID: its code, 999 when the driver does not know it.</summary>
    public ulong Data;

    public uint GpuInstance;
    public uint ComputeInstance;
}

/// <summary>The NVML functions for events, which exist on Linux only; as optional as those of <see cref="NvmlApi"/>.</summary>
internal sealed unsafe class NvmlEventApi(NvmlLibrary library)
{
    private readonly delegate* unmanaged[Cdecl]<nint*, NvmlStatus> _create =
        (delegate* unmanaged[Cdecl]<nint*, NvmlStatus>)library.Resolve("nvmlEventSetCreate");
    private readonly delegate* unmanaged[Cdecl]<nint, NvmlStatus> _free =
        (delegate* unmanaged[Cdecl]<nint, NvmlStatus>)library.Resolve("nvmlEventSetFree");
    private readonly delegate* unmanaged[Cdecl]<NvmlDevice, NvmlEventTypes*, NvmlStatus> _supported =
        (delegate* unmanaged[Cdecl]<NvmlDevice, NvmlEventTypes*, NvmlStatus>)library.Resolve("nvmlDeviceGetSupportedEventTypes");
    private readonly delegate* unmanaged[Cdecl]<NvmlDevice, NvmlEventTypes, nint, NvmlStatus> _register =
        (delegate* unmanaged[Cdecl]<NvmlDevice, NvmlEventTypes, nint, NvmlStatus>)library.Resolve("nvmlDeviceRegisterEvents");
    private readonly delegate* unmanaged[Cdecl]<nint, NvmlEvent*, uint, NvmlStatus> _wait =
        (delegate* unmanaged[Cdecl]<nint, NvmlEvent*, uint, NvmlStatus>)library.Resolve("nvmlEventSetWait_v2", "nvmlEventSetWait");

    /// <summary><c>nvmlEventSetCreate</c>.</summary>
    public NvmlStatus Create(out nint set)
    {
        set = 0;
        fixed (nint* target = &set)
            return _create == null || _free == null || _wait == null ? NvmlStatus.FunctionNotFound : _create(target);
    }

    /// <summary><c>nvmlEventSetFree</c>.</summary>
    public NvmlStatus Free(nint set) => _free == null ? NvmlStatus.FunctionNotFound : _free(set);

    /// <summary><c>nvmlDeviceGetSupportedEventTypes</c>.</summary>
    public NvmlStatus Supported(NvmlDevice device, out NvmlEventTypes types)
    {
        types = NvmlEventTypes.None;
        fixed (NvmlEventTypes* target = &types)
            return _supported == null ? NvmlStatus.FunctionNotFound : _supported(device, target);
    }

    /// <summary><c>nvmlDeviceRegisterEvents</c>: keeps the GPU awake for as long as the set exists.</summary>
    public NvmlStatus Register(NvmlDevice device, NvmlEventTypes types, nint set) =>
        _register == null ? NvmlStatus.FunctionNotFound : _register(device, types, set);

    /// <summary><c>nvmlEventSetWait_v2</c>: blocks.</summary>
    public NvmlStatus Wait(nint set, uint milliseconds, out NvmlEvent data)
    {
        data = default;
        fixed (NvmlEvent* target = &data)
            return _wait == null ? NvmlStatus.FunctionNotFound : _wait(set, target, milliseconds);
    }
}
