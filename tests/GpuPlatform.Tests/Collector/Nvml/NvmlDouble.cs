using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GpuPlatform.Collector.Nvml;

namespace GpuPlatform.Tests.Collector.Nvml;

/// <summary>
/// An NVML of managed functions behind real function pointers, so that the real marshalling runs. Native callbacks are static, so is
/// its state: the tests that use it run one after another.
/// </summary>
internal static unsafe class NvmlDouble
{
    public static readonly Dictionary<string, NvmlStatus> StatusByFunction = [];
    public static readonly HashSet<string> MissingSymbols = [];
    public static readonly List<(uint Pid, ulong UsedBytes)> ComputeProcesses = [];
    public static readonly List<(uint Pid, ulong UsedBytes)> GraphicsProcesses = [];

    private static bool _hangs;

    public static readonly string[] Functions =
    [
        "nvmlInit", "nvmlShutdown", "nvmlSystemGetDriverVersion", "nvmlSystemGetNVMLVersion", "nvmlSystemGetCudaDriverVersion",
        "nvmlDeviceGetCount", "nvmlDeviceGetHandleByIndex", "nvmlDeviceGetName", "nvmlDeviceGetUUID", "nvmlDeviceGetMemoryInfo_v2",
        "nvmlDeviceGetMemoryInfo", "nvmlDeviceGetUtilizationRates", "nvmlDeviceGetTemperatureV", "nvmlDeviceGetTemperature",
        "nvmlDeviceGetPowerUsage", "nvmlDeviceGetEnforcedPowerLimit", "nvmlDeviceGetComputeRunningProcesses",
        "nvmlDeviceGetGraphicsRunningProcesses",
    ];

    public static uint DeviceCountValue { get; set; }
    public static byte[] DriverVersionBytes { get; set; } = [];
    public static byte[] NameBytes { get; set; } = [];
    public static byte[]? UuidBytes { get; set; }
    public static uint CudaVersionValue { get; set; }
    public static NvmlMemoryV2 MemoryValue { get; set; }
    public static NvmlUtilization UtilizationValue { get; set; }
    public static int TemperatureValue { get; set; }
    public static uint PowerMilliwatts { get; set; }
    public static int ProcessStride { get; set; }

    /// <summary>Only this device (by index) answers with <see cref="StatusByFunction"/>; null: all do.</summary>
    public static int? FailingDevice { get; set; }

    /// <summary>The next utilisation call does not return before this is set.</summary>
    public static ManualResetEventSlim? HangUntil { get; set; }

    public static bool Hangs => Volatile.Read(ref _hangs);

    public static int InitCount { get; private set; }
    public static int ShutdownCount { get; private set; }
    public static int HandleCount { get; private set; }

    public static void Reset()
    {
        StatusByFunction.Clear();
        MissingSymbols.Clear();
        ComputeProcesses.Clear();
        GraphicsProcesses.Clear();
        (DeviceCountValue, CudaVersionValue, TemperatureValue, PowerMilliwatts, ProcessStride) = (2, 12020, 61, 123_456, 24);
        (InitCount, ShutdownCount, HandleCount, FailingDevice) = (0, 0, 0, null);
        (HangUntil, _hangs) = (null, false);
        DriverVersionBytes = "580.65.06\0"u8.ToArray();
        NameBytes = "NVIDIA Double\0"u8.ToArray();
        UuidBytes = null;
        MemoryValue = new() { Total = 24UL << 30, Reserved = 1UL << 29, Used = 6UL << 30, Free = (24UL << 30) - (1UL << 29) - (6UL << 30) };
        UtilizationValue = new() { GpuPercent = 42, MemoryPercent = 17 };
    }

    public static NvmlLibrary Library() => new(Resolve);

    private static nint Resolve(string symbol) => MissingSymbols.Contains(symbol) ? 0 : symbol switch
    {
        "nvmlInit_v2" => (nint)(delegate* unmanaged[Cdecl]<NvmlStatus>)&Init,
        "nvmlShutdown" => (nint)(delegate* unmanaged[Cdecl]<NvmlStatus>)&Shutdown,
        "nvmlSystemGetDriverVersion" => (nint)(delegate* unmanaged[Cdecl]<byte*, uint, NvmlStatus>)&DriverVersion,
        "nvmlSystemGetNVMLVersion" => (nint)(delegate* unmanaged[Cdecl]<byte*, uint, NvmlStatus>)&NvmlVersion,
        "nvmlSystemGetCudaDriverVersion_v2" => (nint)(delegate* unmanaged[Cdecl]<uint*, NvmlStatus>)&CudaVersion,
        "nvmlDeviceGetCount_v2" => (nint)(delegate* unmanaged[Cdecl]<uint*, NvmlStatus>)&DeviceCount,
        "nvmlDeviceGetHandleByIndex_v2" => (nint)(delegate* unmanaged[Cdecl]<uint, nint*, NvmlStatus>)&HandleByIndex,
        "nvmlDeviceGetName" => (nint)(delegate* unmanaged[Cdecl]<nint, byte*, uint, NvmlStatus>)&Name,
        "nvmlDeviceGetUUID" => (nint)(delegate* unmanaged[Cdecl]<nint, byte*, uint, NvmlStatus>)&Uuid,
        "nvmlDeviceGetMemoryInfo_v2" => (nint)(delegate* unmanaged[Cdecl]<nint, NvmlMemoryV2*, NvmlStatus>)&MemoryV2,
        "nvmlDeviceGetMemoryInfo" => (nint)(delegate* unmanaged[Cdecl]<nint, NvmlMemory*, NvmlStatus>)&Memory,
        "nvmlDeviceGetUtilizationRates" => (nint)(delegate* unmanaged[Cdecl]<nint, NvmlUtilization*, NvmlStatus>)&Utilization,
        "nvmlDeviceGetTemperatureV" => (nint)(delegate* unmanaged[Cdecl]<nint, NvmlTemperature*, NvmlStatus>)&TemperatureV,
        "nvmlDeviceGetTemperature" => (nint)(delegate* unmanaged[Cdecl]<nint, uint, uint*, NvmlStatus>)&Temperature,
        "nvmlDeviceGetPowerUsage" => (nint)(delegate* unmanaged[Cdecl]<nint, uint*, NvmlStatus>)&PowerUsage,
        "nvmlDeviceGetEnforcedPowerLimit" => (nint)(delegate* unmanaged[Cdecl]<nint, uint*, NvmlStatus>)&PowerLimit,
        "nvmlDeviceGetComputeRunningProcesses_v3" or "nvmlDeviceGetComputeRunningProcesses_v2" or "nvmlDeviceGetComputeRunningProcesses" =>
            (nint)(delegate* unmanaged[Cdecl]<nint, uint*, byte*, NvmlStatus>)&Compute,
        "nvmlDeviceGetGraphicsRunningProcesses_v3" => (nint)(delegate* unmanaged[Cdecl]<nint, uint*, byte*, NvmlStatus>)&Graphics,
        _ => 0,
    };

    private static NvmlStatus Status(string function, nint device = 0) =>
        (device == 0 || FailingDevice is null || device == FailingDevice + 1) && StatusByFunction.TryGetValue(function, out var status)
            ? status : NvmlStatus.Success;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus Init()
    {
        InitCount++;
        return Status("nvmlInit");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus Shutdown()
    {
        ShutdownCount++;
        return Status("nvmlShutdown");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus DriverVersion(byte* text, uint length) =>
        Write(DriverVersionBytes, text, length, "nvmlSystemGetDriverVersion");

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus NvmlVersion(byte* text, uint length) => Write("12.580.65.06\0"u8, text, length, "nvmlSystemGetNVMLVersion");

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus CudaVersion(uint* version)
    {
        *version = CudaVersionValue;
        return Status("nvmlSystemGetCudaDriverVersion");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus DeviceCount(uint* count)
    {
        *count = DeviceCountValue;
        return Status("nvmlDeviceGetCount");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus HandleByIndex(uint index, nint* device)
    {
        HandleCount++;
        *device = (nint)index + 1;
        return Status("nvmlDeviceGetHandleByIndex", *device);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus Name(nint device, byte* text, uint length) => Write(NameBytes, text, length, "nvmlDeviceGetName", device);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus Uuid(nint device, byte* text, uint length) =>
        Write(UuidBytes ?? System.Text.Encoding.ASCII.GetBytes($"GPU-{device - 1}\0"), text, length, "nvmlDeviceGetUUID", device);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus MemoryV2(nint device, NvmlMemoryV2* memory)
    {
        if (memory->Version != 0x02000028)
            return NvmlStatus.ArgumentVersionMismatch;
        *memory = MemoryValue with { Version = memory->Version };
        return Status("nvmlDeviceGetMemoryInfo_v2", device);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus Memory(nint device, NvmlMemory* memory)
    {
        *memory = new() { Total = MemoryValue.Total, Used = MemoryValue.Used + MemoryValue.Reserved, Free = MemoryValue.Free };
        return Status("nvmlDeviceGetMemoryInfo", device);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus Utilization(nint device, NvmlUtilization* rates)
    {
        if (HangUntil is { } release)
        {
            Volatile.Write(ref _hangs, true);
            release.Wait();
            HangUntil = null;
        }
        *rates = UtilizationValue;
        return Status("nvmlDeviceGetUtilizationRates", device);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus TemperatureV(nint device, NvmlTemperature* sensor)
    {
        if (sensor->Version != 0x0100000c)
            return NvmlStatus.ArgumentVersionMismatch;
        sensor->Celsius = TemperatureValue;
        return Status("nvmlDeviceGetTemperatureV", device);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus Temperature(nint device, uint sensor, uint* celsius)
    {
        *celsius = (uint)TemperatureValue;
        return Status("nvmlDeviceGetTemperature", device);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus PowerUsage(nint device, uint* milliwatts)
    {
        *milliwatts = PowerMilliwatts;
        return Status("nvmlDeviceGetPowerUsage", device);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus PowerLimit(nint device, uint* milliwatts)
    {
        *milliwatts = 450_000;
        return Status("nvmlDeviceGetEnforcedPowerLimit", device);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus Compute(nint device, uint* count, byte* entries) =>
        List(ComputeProcesses, count, entries, Status("nvmlDeviceGetComputeRunningProcesses", device));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus Graphics(nint device, uint* count, byte* entries) =>
        List(GraphicsProcesses, count, entries, Status("nvmlDeviceGetGraphicsRunningProcesses", device));

    private static NvmlStatus List(List<(uint Pid, ulong UsedBytes)> processes, uint* count, byte* entries, NvmlStatus status)
    {
        var capacity = *count;
        *count = (uint)processes.Count;
        if (status != NvmlStatus.Success)
            return status;
        if (processes.Count > capacity)
            return NvmlStatus.InsufficientSize;
        for (var i = 0; i < processes.Count; i++)
        {
            var entry = new Span<byte>(entries + i * ProcessStride, ProcessStride);
            entry.Clear();
            BinaryPrimitives.WriteUInt32LittleEndian(entry, processes[i].Pid);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[8..], processes[i].UsedBytes);
            if (ProcessStride >= 24)
                BinaryPrimitives.WriteUInt64LittleEndian(entry[16..], ulong.MaxValue);
        }
        return NvmlStatus.Success;
    }

    private static NvmlStatus Write(ReadOnlySpan<byte> source, byte* text, uint length, string function, nint device = 0)
    {
        source[..Math.Min(source.Length, (int)length)].CopyTo(new Span<byte>(text, (int)length));
        return Status(function, device);
    }
}

