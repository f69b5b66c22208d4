using unsafe Number = delegate* unmanaged[Cdecl]<uint*, GpuPlatform.Collector.Nvml.NvmlStatus>;
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
    private readonly DeviceText _name = new(library.Resolve("nvmlDeviceGetName"));
    private readonly DeviceText _uuid = new(library.Resolve("nvmlDeviceGetUUID"));

    /// <summary>What is read at every tick.</summary>
    public NvmlReadingApi Readings { get; } = new(library);

    /// <summary>What is read at every few ticks.</summary>
    public NvmlDetailApi Details { get; } = new(library);

    /// <summary>What is read once.</summary>
    public NvmlFactApi Facts { get; } = new(library);

    /// <summary>Processes on a GPU.</summary>
    public NvmlProcessApi Processes { get; } = new(library);

    /// <summary>Instances of a GPU.</summary>
    public NvmlMigApi Mig { get; } = new(library);

    /// <summary>Profiling counters.</summary>
    public NvmlGpmApi Gpm { get; } = new(library);

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
    public NvmlStatus Name(NvmlDevice device, out string? name) => _name.Read(device, out name);

    /// <summary><c>nvmlDeviceGetUUID</c>.</summary>
    public NvmlStatus Uuid(NvmlDevice device, out string? uuid) => _uuid.Read(device, out uuid);

    private static NvmlStatus Read(Number function, out uint value)
    {
        value = 0;
        fixed (uint* target = &value)
            return function == null ? NvmlStatus.FunctionNotFound : function(target);
    }

    private static NvmlStatus Read(Text function, out string? text)
    {
        var buffer = stackalloc byte[NvmlText.BufferBytes];
        var status = function == null ? NvmlStatus.FunctionNotFound : function(buffer, NvmlText.BufferBytes);
        text = status == NvmlStatus.Success ? NvmlText.Parse(new ReadOnlySpan<byte>(buffer, NvmlText.BufferBytes)) : null;
        return status;
    }
}
