using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GpuPlatform.Collector.Nvml;

namespace GpuPlatform.Benchmarks;

/// <summary>A driver of eight GPUs that answers every call with a constant, as cheaply as a native function can.</summary>
internal static unsafe class ConstantDriver
{
    public const int GpuCount = 8;

    public static nint Resolve(string symbol) => symbol switch
    {
        "nvmlInit_v2" or "nvmlShutdown" => (nint)(delegate* unmanaged[Cdecl]<NvmlStatus>)&Succeed,
        "nvmlDeviceGetCount_v2" => (nint)(delegate* unmanaged[Cdecl]<uint*, NvmlStatus>)&Count,
        "nvmlDeviceGetHandleByIndex_v2" => (nint)(delegate* unmanaged[Cdecl]<uint, nint*, NvmlStatus>)&Handle,
        "nvmlDeviceGetUUID" => (nint)(delegate* unmanaged[Cdecl]<nint, byte*, uint, NvmlStatus>)&Uuid,
        "nvmlDeviceGetUtilizationRates" => (nint)(delegate* unmanaged[Cdecl]<nint, NvmlUtilization*, NvmlStatus>)&Utilization,
        "nvmlDeviceGetMemoryInfo_v2" => (nint)(delegate* unmanaged[Cdecl]<nint, NvmlMemoryV2*, NvmlStatus>)&Memory,
        "nvmlDeviceGetTemperatureV" => (nint)(delegate* unmanaged[Cdecl]<nint, NvmlTemperature*, NvmlStatus>)&Temperature,
        "nvmlDeviceGetTotalEnergyConsumption" => (nint)(delegate* unmanaged[Cdecl]<nint, ulong*, NvmlStatus>)&Energy,
        "nvmlDeviceGetPowerUsage" or "nvmlDeviceGetEnforcedPowerLimit" => (nint)(delegate* unmanaged[Cdecl]<nint, uint*, NvmlStatus>)&Power,
        _ => 0,
    };

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus Succeed() => NvmlStatus.Success;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus Count(uint* count)
    {
        *count = GpuCount;
        return NvmlStatus.Success;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus Handle(uint index, nint* device)
    {
        *device = (nint)index + 1;
        return NvmlStatus.Success;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus Uuid(nint device, byte* text, uint length)
    {
        "GPU-"u8.CopyTo(new Span<byte>(text, (int)length));
        (text[4], text[5]) = ((byte)('0' + device), 0);
        return NvmlStatus.Success;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus Utilization(nint device, NvmlUtilization* rates)
    {
        (rates->GpuPercent, rates->MemoryPercent) = (97, 41);
        return NvmlStatus.Success;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus Memory(nint device, NvmlMemoryV2* memory)
    {
        (memory->Total, memory->Used, memory->Free, memory->Reserved) = (24UL << 30, 20UL << 30, 3UL << 30, 1UL << 30);
        return NvmlStatus.Success;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus Temperature(nint device, NvmlTemperature* sensor)
    {
        sensor->Celsius = 66;
        return NvmlStatus.Success;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus Power(nint device, uint* milliwatts)
    {
        *milliwatts = 417_312;
        return NvmlStatus.Success;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus Energy(nint device, ulong* millijoules)
    {
        *millijoules = 9_876_543_210;
        return NvmlStatus.Success;
    }
}
