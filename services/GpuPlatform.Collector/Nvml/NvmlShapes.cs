using System.Runtime.CompilerServices;

namespace GpuPlatform.Collector.Nvml;

// The functions of NVML have few shapes. A table of functions names each with its shape; address 0 is a function the library lacks.
// Numbers go in as all ones, NVML's "not available": a library that answers "success" and writes nothing has not said 0.
// Those of the cheap tier are inlined: several calls out of one method share the preparation for leaving managed code.

/// <summary><c>f(device, uint*)</c>.</summary>
internal readonly unsafe struct DeviceNumber(nint address)
{
    private readonly delegate* unmanaged[Cdecl]<NvmlDevice, uint*, NvmlStatus> _function =
        (delegate* unmanaged[Cdecl]<NvmlDevice, uint*, NvmlStatus>)address;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public NvmlStatus Read(NvmlDevice device, out uint value)
    {
        var read = uint.MaxValue;
        var status = _function == null ? NvmlStatus.FunctionNotFound : _function(device, &read);
        value = read;
        return status;
    }
}

/// <summary><c>f(device, which, uint*)</c>.</summary>
internal readonly unsafe struct DeviceNumberOf(nint address)
{
    private readonly delegate* unmanaged[Cdecl]<NvmlDevice, uint, uint*, NvmlStatus> _function =
        (delegate* unmanaged[Cdecl]<NvmlDevice, uint, uint*, NvmlStatus>)address;

    public NvmlStatus Read(NvmlDevice device, uint which, out uint value)
    {
        var read = uint.MaxValue;
        var status = _function == null ? NvmlStatus.FunctionNotFound : _function(device, which, &read);
        value = read;
        return status;
    }
}

/// <summary><c>f(device, uint*, uint*)</c>.</summary>
internal readonly unsafe struct DevicePair(nint address)
{
    private readonly delegate* unmanaged[Cdecl]<NvmlDevice, uint*, uint*, NvmlStatus> _function =
        (delegate* unmanaged[Cdecl]<NvmlDevice, uint*, uint*, NvmlStatus>)address;

    public NvmlStatus Read(NvmlDevice device, out uint first, out uint second)
    {
        var (a, b) = (uint.MaxValue, uint.MaxValue);
        var status = _function == null ? NvmlStatus.FunctionNotFound : _function(device, &a, &b);
        (first, second) = (a, b);
        return status;
    }
}

/// <summary><c>f(device, unsigned long long*)</c>.</summary>
internal readonly unsafe struct DeviceCounter(nint address)
{
    private readonly delegate* unmanaged[Cdecl]<NvmlDevice, ulong*, NvmlStatus> _function =
        (delegate* unmanaged[Cdecl]<NvmlDevice, ulong*, NvmlStatus>)address;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public NvmlStatus Read(NvmlDevice device, out ulong value)
    {
        var read = ulong.MaxValue;
        var status = _function == null ? NvmlStatus.FunctionNotFound : _function(device, &read);
        value = read;
        return status;
    }
}

/// <summary><c>f(device, struct*)</c>; a struct with a version comes in with it.</summary>
internal readonly unsafe struct DeviceRecord<T>(nint address) where T : unmanaged
{
    private readonly delegate* unmanaged[Cdecl]<NvmlDevice, void*, NvmlStatus> _function =
        (delegate* unmanaged[Cdecl]<NvmlDevice, void*, NvmlStatus>)address;

    /// <summary>The record must lie on the stack: it is not pinned.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public NvmlStatus Read(NvmlDevice device, T* record) => _function == null ? NvmlStatus.FunctionNotFound : _function(device, record);
}

/// <summary><c>f(device, which, struct*)</c>.</summary>
internal readonly unsafe struct DeviceRecordOf<T>(nint address) where T : unmanaged
{
    private readonly delegate* unmanaged[Cdecl]<NvmlDevice, uint, void*, NvmlStatus> _function =
        (delegate* unmanaged[Cdecl]<NvmlDevice, uint, void*, NvmlStatus>)address;

    /// <summary>The record must lie on the stack: it is not pinned.</summary>
    public NvmlStatus Read(NvmlDevice device, uint which, T* record) =>
        _function == null ? NvmlStatus.FunctionNotFound : _function(device, which, record);
}

/// <summary><c>f(device, char*, length)</c>.</summary>
internal readonly unsafe struct DeviceText(nint address)
{
    private readonly delegate* unmanaged[Cdecl]<NvmlDevice, byte*, uint, NvmlStatus> _function =
        (delegate* unmanaged[Cdecl]<NvmlDevice, byte*, uint, NvmlStatus>)address;

    public NvmlStatus Read(NvmlDevice device, out string? text)
    {
        var buffer = stackalloc byte[NvmlText.BufferBytes];
        Unsafe.InitBlock(buffer, 0, NvmlText.BufferBytes);
        var status = _function == null ? NvmlStatus.FunctionNotFound : _function(device, buffer, NvmlText.BufferBytes);
        text = status == NvmlStatus.Success ? NvmlText.Parse(new ReadOnlySpan<byte>(buffer, NvmlText.BufferBytes)) : null;
        return status;
    }
}

/// <summary><c>f(device, uint* count, entry*)</c>: as many entries as there is room for.</summary>
internal readonly unsafe struct DeviceList(nint address)
{
    private readonly delegate* unmanaged[Cdecl]<NvmlDevice, uint*, void*, NvmlStatus> _function =
        (delegate* unmanaged[Cdecl]<NvmlDevice, uint*, void*, NvmlStatus>)address;

    public NvmlStatus Read(NvmlDevice device, ref uint count, Span<byte> entries)
    {
        var counter = count;
        NvmlStatus status;
        fixed (byte* target = entries)
            status = _function == null ? NvmlStatus.FunctionNotFound : _function(device, &counter, target);
        count = counter;
        return status;
    }
}
