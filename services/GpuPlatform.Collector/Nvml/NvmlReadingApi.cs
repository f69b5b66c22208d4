namespace GpuPlatform.Collector.Nvml;

/// <summary>Functions of the cheap tier.</summary>
internal sealed class NvmlReadingApi(NvmlLibrary library)
{
    /// <summary><c>nvmlDeviceGetUtilizationRates</c>, percent.</summary>
    public DeviceRecord<NvmlUtilization> Utilization { get; } = new(library.Resolve("nvmlDeviceGetUtilizationRates"));

    /// <summary><c>nvmlDeviceGetMemoryInfo_v2</c>, bytes.</summary>
    public DeviceRecord<NvmlMemoryV2> MemoryV2 { get; } = new(library.Resolve("nvmlDeviceGetMemoryInfo_v2"));

    /// <summary><c>nvmlDeviceGetMemoryInfo</c>, bytes.</summary>
    public DeviceRecord<NvmlMemory> Memory { get; } = new(library.Resolve("nvmlDeviceGetMemoryInfo"));

    /// <summary><c>nvmlDeviceGetTemperatureV</c>, °C.</summary>
    public DeviceRecord<NvmlTemperature> TemperatureV { get; } = new(library.Resolve("nvmlDeviceGetTemperatureV"));

    /// <summary><c>nvmlDeviceGetTemperature</c> of a sensor, 0 is the core, °C; deprecated by the driver, the only one before 570.</summary>
    public DeviceNumberOf Temperature { get; } = new(library.Resolve("nvmlDeviceGetTemperature"));

    /// <summary><c>nvmlDeviceGetPowerUsage</c>, mW.</summary>
    public DeviceNumber PowerUsage { get; } = new(library.Resolve("nvmlDeviceGetPowerUsage"));

    /// <summary><c>nvmlDeviceGetTotalEnergyConsumption</c>, mJ since the driver was loaded; Volta and later.</summary>
    public DeviceCounter Energy { get; } = new(library.Resolve("nvmlDeviceGetTotalEnergyConsumption"));
}
