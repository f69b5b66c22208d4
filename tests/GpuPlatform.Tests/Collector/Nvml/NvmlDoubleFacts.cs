using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GpuPlatform.Collector.Nvml;

namespace GpuPlatform.Tests.Collector.Nvml;

/// <summary>The functions for what does not change.</summary>
internal static unsafe class NvmlDoubleFacts
{
    public static readonly string[] Functions =
    [
        "nvmlDeviceGetPciInfo", "nvmlDeviceGetSerial", "nvmlDeviceGetVbiosVersion", "nvmlDeviceGetCudaComputeCapability",
        "nvmlDeviceGetMaxClockInfo", "nvmlDeviceGetPowerManagementLimitConstraints", "nvmlDeviceGetPowerManagementDefaultLimit",
        "nvmlDeviceGetMaxPcieLinkGeneration", "nvmlDeviceGetMaxPcieLinkWidth", "nvmlDeviceGetTemperatureThreshold",
    ];

    public static nint Resolve(string symbol) => symbol switch
    {
        "nvmlDeviceGetPciInfo_v3" or "nvmlDeviceGetPciInfo_v2" => (nint)(delegate* unmanaged[Cdecl]<nint, NvmlPci*, NvmlStatus>)&GetPci,
        "nvmlDeviceGetSerial" => (nint)(delegate* unmanaged[Cdecl]<nint, byte*, uint, NvmlStatus>)&GetSerial,
        "nvmlDeviceGetVbiosVersion" => (nint)(delegate* unmanaged[Cdecl]<nint, byte*, uint, NvmlStatus>)&GetVbios,
        "nvmlDeviceGetCudaComputeCapability" => (nint)(delegate* unmanaged[Cdecl]<nint, uint*, uint*, NvmlStatus>)&GetCapability,
        "nvmlDeviceGetMaxClockInfo" => (nint)(delegate* unmanaged[Cdecl]<nint, uint, uint*, NvmlStatus>)&GetMaxClock,
        "nvmlDeviceGetPowerManagementLimitConstraints" => (nint)(delegate* unmanaged[Cdecl]<nint, uint*, uint*, NvmlStatus>)&GetConstraints,
        "nvmlDeviceGetPowerManagementDefaultLimit" => (nint)(delegate* unmanaged[Cdecl]<nint, uint*, NvmlStatus>)&GetDefaultLimit,
        "nvmlDeviceGetMaxPcieLinkGeneration" => (nint)(delegate* unmanaged[Cdecl]<nint, uint*, NvmlStatus>)&GetMaxGeneration,
        "nvmlDeviceGetMaxPcieLinkWidth" => (nint)(delegate* unmanaged[Cdecl]<nint, uint*, NvmlStatus>)&GetMaxWidth,
        "nvmlDeviceGetTemperatureThreshold" => (nint)(delegate* unmanaged[Cdecl]<nint, uint, uint*, NvmlStatus>)&GetThreshold,
        _ => 0,
    };

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetPci(nint device, NvmlPci* pci) =>
        NvmlDouble.Answer("nvmlDeviceGetPciInfo", device, pci, new() { Domain = 0, Bus = 0xC1 + (uint)device, Device = 0x1F });

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetSerial(nint device, byte* text, uint length) =>
        NvmlDouble.Answer("nvmlDeviceGetSerial", device, text, length, "1324620081234\0"u8);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetVbios(nint device, byte* text, uint length) =>
        NvmlDouble.Answer("nvmlDeviceGetVbiosVersion", device, text, length, "95.02.18.80.01\0"u8);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetCapability(nint device, uint* major, uint* minor) => Two("nvmlDeviceGetCudaComputeCapability", device, major, 8, minor, 9);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetMaxClock(nint device, uint clock, uint* megahertz) =>
        NvmlDouble.Answer("nvmlDeviceGetMaxClockInfo", device, megahertz, 3000 + clock);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetConstraints(nint device, uint* least, uint* most) =>
        Two("nvmlDeviceGetPowerManagementLimitConstraints", device, least, 150_000, most, 600_000);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetDefaultLimit(nint device, uint* milliwatts) =>
        NvmlDouble.Answer("nvmlDeviceGetPowerManagementDefaultLimit", device, milliwatts, 450_000u);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetMaxGeneration(nint device, uint* generation) =>
        NvmlDouble.Answer("nvmlDeviceGetMaxPcieLinkGeneration", device, generation, 5u);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetMaxWidth(nint device, uint* lanes) => NvmlDouble.Answer("nvmlDeviceGetMaxPcieLinkWidth", device, lanes, 16u);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetThreshold(nint device, uint threshold, uint* celsius) =>
        NvmlDouble.Answer("nvmlDeviceGetTemperatureThreshold", device, celsius, 90 + threshold);

    private static NvmlStatus Two(string function, nint device, uint* first, uint firstValue, uint* second, uint secondValue)
    {
        if (!NvmlDouble.WritesNothing)
            *second = secondValue;
        return NvmlDouble.Answer(function, device, first, firstValue);
    }
}
