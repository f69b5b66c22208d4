using unsafe Number = delegate* unmanaged[Cdecl]<uint*, GpuPlatform.Collector.Nvml.NvmlStatus>;
using unsafe DeviceNumber =
    delegate* unmanaged[Cdecl]<GpuPlatform.Collector.Nvml.NvmlDevice, uint*, GpuPlatform.Collector.Nvml.NvmlStatus>;
using unsafe DeviceText =
    delegate* unmanaged[Cdecl]<GpuPlatform.Collector.Nvml.NvmlDevice, byte*, uint, GpuPlatform.Collector.Nvml.NvmlStatus>;
using unsafe DeviceProcesses =
    delegate* unmanaged[Cdecl]<GpuPlatform.Collector.Nvml.NvmlDevice, uint*, void*, GpuPlatform.Collector.Nvml.NvmlStatus>;
using unsafe Plain = delegate* unmanaged[Cdecl]<GpuPlatform.Collector.Nvml.NvmlStatus>;
using unsafe Text = delegate* unmanaged[Cdecl]<byte*, uint, GpuPlatform.Collector.Nvml.NvmlStatus>;

namespace GpuPlatform.Collector.Nvml;

/// <summary>
/// The table of NVML functions. Every one is optional: where the library has none of a function's names, the call answers
/// <see cref="NvmlStatus.FunctionNotFound"/>, exactly as a newer library answers for a function its driver lacks.
/// </summary>
internal sealed unsafe class NvmlApi(NvmlLibrary library)
{
    private readonly Plain _init = (Plain)library.Resolve("nvmlInit_v2", "nvmlInit");
    private readonly Plain _shutdown = (Plain)library.Resolve("nvmlShutdown");
    private readonly Text _driverVersion = (Text)library.Resolve("nvmlSystemGetDriverVersion");
    private readonly Text _nvmlVersion = (Text)library.Resolve("nvmlSystemGetNVMLVersion");
    private readonly Number _cudaVersion = (Number)library.Resolve("nvmlSystemGetCudaDriverVersion_v2", "nvmlSystemGetCudaDriverVersion");
    private readonly Number _deviceCount = (Number)library.Resolve("nvmlDeviceGetCount_v2", "nvmlDeviceGetCount");
    private readonly delegate* unmanaged[Cdecl]<uint, NvmlDevice*, NvmlStatus> _deviceByIndex =
        (delegate* unmanaged[Cdecl]<uint, NvmlDevice*, NvmlStatus>)library.Resolve(
            "nvmlDeviceGetHandleByIndex_v2", "nvmlDeviceGetHandleByIndex");
    private readonly DeviceText _name = (DeviceText)library.Resolve("nvmlDeviceGetName");
    private readonly DeviceText _uuid = (DeviceText)library.Resolve("nvmlDeviceGetUUID");
    private readonly delegate* unmanaged[Cdecl]<NvmlDevice, NvmlMemoryV2*, NvmlStatus> _memoryV2 =
        (delegate* unmanaged[Cdecl]<NvmlDevice, NvmlMemoryV2*, NvmlStatus>)library.Resolve("nvmlDeviceGetMemoryInfo_v2");
    private readonly delegate* unmanaged[Cdecl]<NvmlDevice, NvmlMemory*, NvmlStatus> _memory =
        (delegate* unmanaged[Cdecl]<NvmlDevice, NvmlMemory*, NvmlStatus>)library.Resolve("nvmlDeviceGetMemoryInfo");
    private readonly delegate* unmanaged[Cdecl]<NvmlDevice, NvmlUtilization*, NvmlStatus> _utilization =
        (delegate* unmanaged[Cdecl]<NvmlDevice, NvmlUtilization*, NvmlStatus>)library.Resolve("nvmlDeviceGetUtilizationRates");
    private readonly delegate* unmanaged[Cdecl]<NvmlDevice, NvmlTemperature*, NvmlStatus> _temperatureV =
        (delegate* unmanaged[Cdecl]<NvmlDevice, NvmlTemperature*, NvmlStatus>)library.Resolve("nvmlDeviceGetTemperatureV");
    private readonly delegate* unmanaged[Cdecl]<NvmlDevice, uint, uint*, NvmlStatus> _temperature =
        (delegate* unmanaged[Cdecl]<NvmlDevice, uint, uint*, NvmlStatus>)library.Resolve("nvmlDeviceGetTemperature");
    private readonly DeviceNumber _powerUsage = (DeviceNumber)library.Resolve("nvmlDeviceGetPowerUsage");
    private readonly DeviceNumber _powerLimit = (DeviceNumber)library.Resolve("nvmlDeviceGetEnforcedPowerLimit");
    private readonly DeviceProcesses _compute = (DeviceProcesses)library.Resolve(
        "nvmlDeviceGetComputeRunningProcesses_v3", "nvmlDeviceGetComputeRunningProcesses_v2", "nvmlDeviceGetComputeRunningProcesses");
    private readonly DeviceProcesses _graphics = (DeviceProcesses)library.Resolve(
        "nvmlDeviceGetGraphicsRunningProcesses_v3", "nvmlDeviceGetGraphicsRunningProcesses_v2", "nvmlDeviceGetGraphicsRunningProcesses");

    /// <summary><c>nvmlInit_v2</c>: opens the driver, touches no GPU.</summary>
    public NvmlStatus Init() => _init == null ? NvmlStatus.FunctionNotFound : _init();

    /// <summary><c>nvmlShutdown</c>.</summary>
    public NvmlStatus Shutdown() => _shutdown == null ? NvmlStatus.FunctionNotFound : _shutdown();

    /// <summary><c>nvmlSystemGetDriverVersion</c>.</summary>
    public NvmlStatus DriverVersion(out string? version) => Read(_driverVersion, out version);

    /// <summary><c>nvmlSystemGetNVMLVersion</c>.</summary>
    public NvmlStatus NvmlVersion(out string? version) => Read(_nvmlVersion, out version);

    /// <summary><c>nvmlSystemGetCudaDriverVersion_v2</c>: major × 1000 + minor × 10.</summary>
    public NvmlStatus CudaVersion(out uint version) => Read(_cudaVersion, out version);

    /// <summary><c>nvmlDeviceGetCount_v2</c>.</summary>
    public NvmlStatus DeviceCount(out uint count) => Read(_deviceCount, out count);

    /// <summary><c>nvmlDeviceGetHandleByIndex_v2</c>: attaches the GPU, and wakes it when it sleeps.</summary>
    public NvmlStatus DeviceByIndex(uint index, out NvmlDevice device)
    {
        device = default;
        fixed (NvmlDevice* target = &device)
            return _deviceByIndex == null ? NvmlStatus.FunctionNotFound : _deviceByIndex(index, target);
    }

    /// <summary><c>nvmlDeviceGetName</c>.</summary>
    public NvmlStatus Name(NvmlDevice device, out string? name) => Read(_name, device, out name);

    /// <summary><c>nvmlDeviceGetUUID</c>.</summary>
    public NvmlStatus Uuid(NvmlDevice device, out string? uuid) => Read(_uuid, device, out uuid);

    /// <summary><c>nvmlDeviceGetMemoryInfo_v2</c>, bytes.</summary>
    public NvmlStatus MemoryV2(NvmlDevice device, out NvmlMemoryV2 memory)
    {
        memory = new NvmlMemoryV2 { Version = NvmlMemoryV2.CurrentVersion };
        fixed (NvmlMemoryV2* target = &memory)
            return _memoryV2 == null ? NvmlStatus.FunctionNotFound : _memoryV2(device, target);
    }

    /// <summary><c>nvmlDeviceGetMemoryInfo</c>, bytes.</summary>
    public NvmlStatus Memory(NvmlDevice device, out NvmlMemory memory)
    {
        memory = default;
        fixed (NvmlMemory* target = &memory)
            return _memory == null ? NvmlStatus.FunctionNotFound : _memory(device, target);
    }

    /// <summary><c>nvmlDeviceGetUtilizationRates</c>, percent.</summary>
    public NvmlStatus Utilization(NvmlDevice device, out NvmlUtilization utilization)
    {
        utilization = default;
        fixed (NvmlUtilization* target = &utilization)
            return _utilization == null ? NvmlStatus.FunctionNotFound : _utilization(device, target);
    }

    /// <summary><c>nvmlDeviceGetTemperatureV</c>, °C.</summary>
    public NvmlStatus TemperatureV(NvmlDevice device, out NvmlTemperature temperature)
    {
        temperature = new NvmlTemperature { Version = NvmlTemperature.CurrentVersion };
        fixed (NvmlTemperature* target = &temperature)
            return _temperatureV == null ? NvmlStatus.FunctionNotFound : _temperatureV(device, target);
    }

    /// <summary><c>nvmlDeviceGetTemperature</c> of the core, °C; deprecated by the driver, the only one before 570.</summary>
    public NvmlStatus Temperature(NvmlDevice device, out uint celsius)
    {
        celsius = 0;
        fixed (uint* target = &celsius)
            return _temperature == null ? NvmlStatus.FunctionNotFound : _temperature(device, 0, target);
    }

    /// <summary><c>nvmlDeviceGetPowerUsage</c>, mW.</summary>
    public NvmlStatus PowerUsage(NvmlDevice device, out uint milliwatts) => Read(_powerUsage, device, out milliwatts);

    /// <summary><c>nvmlDeviceGetEnforcedPowerLimit</c>, mW.</summary>
    public NvmlStatus PowerLimit(NvmlDevice device, out uint milliwatts) => Read(_powerLimit, device, out milliwatts);

    /// <summary><c>nvmlDeviceGetComputeRunningProcesses_v3</c>: entries of a layout that <see cref="ProcessEntries"/> works out.</summary>
    public NvmlStatus ComputeProcesses(NvmlDevice device, ref uint count, Span<byte> entries) =>
        Read(_compute, device, ref count, entries);

    /// <summary><c>nvmlDeviceGetGraphicsRunningProcesses_v3</c>, likewise.</summary>
    public NvmlStatus GraphicsProcesses(NvmlDevice device, ref uint count, Span<byte> entries) =>
        Read(_graphics, device, ref count, entries);

    private static NvmlStatus Read(Number function, out uint value)
    {
        value = 0;
        fixed (uint* target = &value)
            return function == null ? NvmlStatus.FunctionNotFound : function(target);
    }

    private static NvmlStatus Read(DeviceNumber function, NvmlDevice device, out uint value)
    {
        value = 0;
        fixed (uint* target = &value)
            return function == null ? NvmlStatus.FunctionNotFound : function(device, target);
    }

    private static NvmlStatus Read(DeviceProcesses function, NvmlDevice device, ref uint count, Span<byte> entries)
    {
        fixed (uint* counter = &count)
        fixed (byte* target = entries)
            return function == null ? NvmlStatus.FunctionNotFound : function(device, counter, target);
    }

    private static NvmlStatus Read(Text function, out string? text)
    {
        var buffer = stackalloc byte[NvmlText.BufferBytes];
        var status = function == null ? NvmlStatus.FunctionNotFound : function(buffer, NvmlText.BufferBytes);
        text = status == NvmlStatus.Success ? NvmlText.Parse(new ReadOnlySpan<byte>(buffer, NvmlText.BufferBytes)) : null;
        return status;
    }

    private static NvmlStatus Read(DeviceText function, NvmlDevice device, out string? text)
    {
        var buffer = stackalloc byte[NvmlText.BufferBytes];
        var status = function == null ? NvmlStatus.FunctionNotFound : function(device, buffer, NvmlText.BufferBytes);
        text = status == NvmlStatus.Success ? NvmlText.Parse(new ReadOnlySpan<byte>(buffer, NvmlText.BufferBytes)) : null;
        return status;
    }
}
