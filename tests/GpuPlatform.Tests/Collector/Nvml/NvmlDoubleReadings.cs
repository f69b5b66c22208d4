using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GpuPlatform.Collector.Nvml;

namespace GpuPlatform.Tests.Collector.Nvml;

/// <summary>The functions of the cheap tier.</summary>
internal static unsafe class NvmlDoubleReadings
{
    public static readonly string[] Functions =
    [
        "nvmlDeviceGetMemoryInfo_v2", "nvmlDeviceGetMemoryInfo", "nvmlDeviceGetUtilizationRates", "nvmlDeviceGetTemperatureV",
        "nvmlDeviceGetTemperature", "nvmlDeviceGetPowerUsage", "nvmlDeviceGetTotalEnergyConsumption",
    ];

    public static NvmlMemoryV2 Memory { get; set; }
    public static NvmlUtilization Utilization { get; set; }
    public static int Celsius { get; set; }
    public static uint PowerMilliwatts { get; set; }
    public static ulong EnergyMillijoules { get; set; }

    public static void Reset()
    {
        (Celsius, PowerMilliwatts, EnergyMillijoules) = (61, 123_456, 9_876_543_210);
        Memory = new() { Total = 24UL << 30, Reserved = 1UL << 29, Used = 6UL << 30, Free = (24UL << 30) - (1UL << 29) - (6UL << 30) };
        Utilization = new() { GpuPercent = 42, MemoryPercent = 17 };
    }

    public static nint Resolve(string symbol) => symbol switch
    {
        "nvmlDeviceGetMemoryInfo_v2" => (nint)(delegate* unmanaged[Cdecl]<nint, NvmlMemoryV2*, NvmlStatus>)&GetMemoryV2,
        "nvmlDeviceGetMemoryInfo" => (nint)(delegate* unmanaged[Cdecl]<nint, NvmlMemory*, NvmlStatus>)&GetMemory,
        "nvmlDeviceGetUtilizationRates" => (nint)(delegate* unmanaged[Cdecl]<nint, NvmlUtilization*, NvmlStatus>)&GetUtilization,
        "nvmlDeviceGetTemperatureV" => (nint)(delegate* unmanaged[Cdecl]<nint, NvmlTemperature*, NvmlStatus>)&GetTemperatureV,
        "nvmlDeviceGetTemperature" => (nint)(delegate* unmanaged[Cdecl]<nint, uint, uint*, NvmlStatus>)&GetTemperature,
        "nvmlDeviceGetPowerUsage" => (nint)(delegate* unmanaged[Cdecl]<nint, uint*, NvmlStatus>)&GetPowerUsage,
        "nvmlDeviceGetTotalEnergyConsumption" => (nint)(delegate* unmanaged[Cdecl]<nint, ulong*, NvmlStatus>)&GetEnergy,
        _ => 0,
    };

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetMemoryV2(nint device, NvmlMemoryV2* memory)
    {
        // An instance has half of what the whole has
        var value = device < NvmlDoubleMig.FirstHandle ? Memory : Memory with { Total = Memory.Total / 2, Free = Memory.Free / 4 };
        return memory->Version != 0x02000028 ? NvmlStatus.ArgumentVersionMismatch
            : NvmlDouble.Answer("nvmlDeviceGetMemoryInfo_v2", device, memory, value with { Version = memory->Version });
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetMemory(nint device, NvmlMemory* memory) => NvmlDouble.Answer("nvmlDeviceGetMemoryInfo", device, memory,
        new() { Total = Memory.Total, Used = Memory.Used + Memory.Reserved, Free = Memory.Free });

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetUtilization(nint device, NvmlUtilization* rates)
    {
        NvmlDouble.HangIfAsked();
        return NvmlDouble.Answer("nvmlDeviceGetUtilizationRates", device, rates, Utilization);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetTemperatureV(nint device, NvmlTemperature* sensor) =>
        sensor->Version != 0x0100000c ? NvmlStatus.ArgumentVersionMismatch
            : NvmlDouble.Answer("nvmlDeviceGetTemperatureV", device, sensor, *sensor with { Celsius = Celsius });

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetTemperature(nint device, uint sensor, uint* celsius) =>
        NvmlDouble.Answer("nvmlDeviceGetTemperature", device, celsius, (uint)Celsius);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetPowerUsage(nint device, uint* milliwatts) =>
        NvmlDouble.Answer("nvmlDeviceGetPowerUsage", device, milliwatts, PowerMilliwatts);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetEnergy(nint device, ulong* millijoules) =>
        NvmlDouble.Answer("nvmlDeviceGetTotalEnergyConsumption", device, millijoules, EnergyMillijoules);
}
