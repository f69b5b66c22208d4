namespace GpuPlatform.Collector.Nvml;

/// <summary>Functions for the profiling counters (GPM); Hopper and later.</summary>
internal sealed unsafe class NvmlGpmApi(NvmlLibrary library)
{
    private readonly delegate* unmanaged[Cdecl]<nint*, NvmlStatus> _allocate =
        (delegate* unmanaged[Cdecl]<nint*, NvmlStatus>)library.Resolve("nvmlGpmSampleAlloc");
    private readonly delegate* unmanaged[Cdecl]<nint, NvmlStatus> _free =
        (delegate* unmanaged[Cdecl]<nint, NvmlStatus>)library.Resolve("nvmlGpmSampleFree");
    private readonly delegate* unmanaged[Cdecl]<NvmlDevice, nint, NvmlStatus> _take =
        (delegate* unmanaged[Cdecl]<NvmlDevice, nint, NvmlStatus>)library.Resolve("nvmlGpmSampleGet");
    private readonly delegate* unmanaged[Cdecl]<NvmlDevice, uint, nint, NvmlStatus> _takeOfInstance =
        (delegate* unmanaged[Cdecl]<NvmlDevice, uint, nint, NvmlStatus>)library.Resolve("nvmlGpmMigSampleGet");
    private readonly delegate* unmanaged[Cdecl]<void*, NvmlStatus> _metrics =
        (delegate* unmanaged[Cdecl]<void*, NvmlStatus>)library.Resolve("nvmlGpmMetricsGet");

    /// <summary><c>nvmlGpmQueryDeviceSupport</c>.</summary>
    public DeviceRecord<NvmlGpmSupport> Support { get; } = new(library.Resolve("nvmlGpmQueryDeviceSupport"));

    /// <summary><c>nvmlGpmSampleAlloc</c>.</summary>
    public NvmlStatus Allocate(out nint sample)
    {
        nint allocated = 0;
        var status = _allocate == null ? NvmlStatus.FunctionNotFound : _allocate(&allocated);
        sample = status == NvmlStatus.Success ? allocated : 0;
        return status;
    }

    /// <summary><c>nvmlGpmSampleFree</c>.</summary>
    public NvmlStatus Free(nint sample) => _free == null ? NvmlStatus.FunctionNotFound : _free(sample);

    /// <summary><c>nvmlGpmSampleGet</c>, or <c>nvmlGpmMigSampleGet</c> for an instance of the GPU.</summary>
    public NvmlStatus Take(NvmlDevice device, uint? instance, nint sample) => instance is not { } id
        ? _take == null ? NvmlStatus.FunctionNotFound : _take(device, sample)
        : _takeOfInstance == null ? NvmlStatus.FunctionNotFound : _takeOfInstance(device, id, sample);

    /// <summary><c>nvmlGpmMetricsGet</c>: what two samples say together.</summary>
    public NvmlStatus Metrics(ref NvmlGpmRequest request)
    {
        fixed (NvmlGpmRequest* target = &request)
            return _metrics == null ? NvmlStatus.FunctionNotFound : _metrics(target);
    }
}
