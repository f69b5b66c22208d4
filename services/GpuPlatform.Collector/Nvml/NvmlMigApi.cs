namespace GpuPlatform.Collector.Nvml;

/// <summary>Functions for a GPU that is split into instances.</summary>
internal sealed unsafe class NvmlMigApi(NvmlLibrary library)
{
    private readonly DeviceRecordOf<NvmlDevice> _instance = new(library.Resolve("nvmlDeviceGetMigDeviceHandleByIndex"));

    /// <summary><c>nvmlDeviceGetMigMode</c>: 1 is split; now, and after the next reset.</summary>
    public DevicePair Mode { get; } = new(library.Resolve("nvmlDeviceGetMigMode"));

    /// <summary><c>nvmlDeviceGetMaxMigDeviceCount</c>: slots, most of them empty.</summary>
    public DeviceNumber SlotCount { get; } = new(library.Resolve("nvmlDeviceGetMaxMigDeviceCount"));

    /// <summary><c>nvmlDeviceGetGpuInstanceId</c> of an instance.</summary>
    public DeviceNumber GpuInstance { get; } = new(library.Resolve("nvmlDeviceGetGpuInstanceId"));

    /// <summary><c>nvmlDeviceGetMigDeviceHandleByIndex</c>; a handle dies with its instance.</summary>
    public NvmlStatus Instance(NvmlDevice device, uint slot, out NvmlDevice instance)
    {
        NvmlDevice handle = default;
        var status = _instance.Read(device, slot, &handle);
        instance = handle;
        return status;
    }
}
