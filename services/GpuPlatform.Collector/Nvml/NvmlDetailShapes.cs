namespace GpuPlatform.Collector.Nvml;

/// <summary><c>f(device, count, nvmlFieldValue_t*)</c>.</summary>
internal readonly unsafe struct DeviceFields(nint address)
{
    private readonly delegate* unmanaged[Cdecl]<NvmlDevice, int, NvmlFieldValue*, NvmlStatus> _function =
        (delegate* unmanaged[Cdecl]<NvmlDevice, int, NvmlFieldValue*, NvmlStatus>)address;

    public NvmlStatus Read(NvmlDevice device, Span<NvmlFieldValue> values)
    {
        fixed (NvmlFieldValue* target = values)
            return _function == null ? NvmlStatus.FunctionNotFound : _function(device, values.Length, target);
    }
}

/// <summary><c>f(device, error type, counter type, unsigned long long*)</c>.</summary>
internal readonly unsafe struct DeviceEccCounter(nint address)
{
    private readonly delegate* unmanaged[Cdecl]<NvmlDevice, uint, uint, ulong*, NvmlStatus> _function =
        (delegate* unmanaged[Cdecl]<NvmlDevice, uint, uint, ulong*, NvmlStatus>)address;

    /// <summary>Of corrected (0) or uncorrected (1) errors, since the driver was loaded (0) or over the GPU's life (1).</summary>
    public NvmlStatus Read(NvmlDevice device, uint errorType, uint counterType, out ulong count)
    {
        var read = ulong.MaxValue;
        var status = _function == null ? NvmlStatus.FunctionNotFound : _function(device, errorType, counterType, &read);
        count = read;
        return status;
    }
}

/// <summary><c>f(device, uint*, uint*, uint*, uint*)</c>.</summary>
internal readonly unsafe struct DeviceRows(nint address)
{
    private readonly delegate* unmanaged[Cdecl]<NvmlDevice, uint*, uint*, uint*, uint*, NvmlStatus> _function =
        (delegate* unmanaged[Cdecl]<NvmlDevice, uint*, uint*, uint*, uint*, NvmlStatus>)address;

    public NvmlStatus Read(NvmlDevice device, out NvmlRemappedRows rows)
    {
        var read = NvmlRemappedRows.Unwritten;
        var status = _function == null ? NvmlStatus.FunctionNotFound
            : _function(device, &read.CorrectedCount, &read.UncorrectedCount, &read.IsPending, &read.HasFailed);
        rows = read;
        return status;
    }
}
