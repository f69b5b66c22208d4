namespace GpuPlatform.Collector.Nvml;

/// <summary>Functions for what does not change.</summary>
internal sealed class NvmlFactApi(NvmlLibrary library)
{
    /// <summary><c>nvmlDeviceGetPciInfo_v3</c>; the older ones write the same numbers at the same places.</summary>
    public DeviceRecord<NvmlPci> Pci { get; } = new(library.Resolve(
        "nvmlDeviceGetPciInfo_v3", "nvmlDeviceGetPciInfo_v2", "nvmlDeviceGetPciInfo"));

    /// <summary><c>nvmlDeviceGetSerial</c>.</summary>
    public DeviceText Serial { get; } = new(library.Resolve("nvmlDeviceGetSerial"));

    /// <summary><c>nvmlDeviceGetVbiosVersion</c>.</summary>
    public DeviceText Vbios { get; } = new(library.Resolve("nvmlDeviceGetVbiosVersion"));

    /// <summary><c>nvmlDeviceGetCudaComputeCapability</c>: major, minor.</summary>
    public DevicePair ComputeCapability { get; } = new(library.Resolve("nvmlDeviceGetCudaComputeCapability"));

    /// <summary><c>nvmlDeviceGetMaxClockInfo</c>, MHz; the same clocks as <see cref="NvmlDetailApi.Clock"/>.</summary>
    public DeviceNumberOf MaxClock { get; } = new(library.Resolve("nvmlDeviceGetMaxClockInfo"));

    /// <summary><c>nvmlDeviceGetPowerManagementLimitConstraints</c>, mW: lowest, highest.</summary>
    public DevicePair PowerConstraints { get; } = new(library.Resolve("nvmlDeviceGetPowerManagementLimitConstraints"));

    /// <summary><c>nvmlDeviceGetPowerManagementDefaultLimit</c>, mW.</summary>
    public DeviceNumber DefaultPowerLimit { get; } = new(library.Resolve("nvmlDeviceGetPowerManagementDefaultLimit"));

    /// <summary><c>nvmlDeviceGetMaxPcieLinkGeneration</c>.</summary>
    public DeviceNumber MaxPcieGeneration { get; } = new(library.Resolve("nvmlDeviceGetMaxPcieLinkGeneration"));

    /// <summary><c>nvmlDeviceGetMaxPcieLinkWidth</c>, lanes.</summary>
    public DeviceNumber MaxPcieWidth { get; } = new(library.Resolve("nvmlDeviceGetMaxPcieLinkWidth"));

    /// <summary><c>nvmlDeviceGetTemperatureThreshold</c>, °C: 0 shutdown, 1 slowdown, 2 memory maximum, 3 core maximum.</summary>
    public DeviceNumberOf TemperatureThreshold { get; } = new(library.Resolve("nvmlDeviceGetTemperatureThreshold"));
}
