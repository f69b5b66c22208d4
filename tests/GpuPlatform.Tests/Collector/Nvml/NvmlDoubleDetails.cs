using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GpuPlatform.Collector.Nvml;

namespace GpuPlatform.Tests.Collector.Nvml;

/// <summary>The functions of the dear tier.</summary>
internal static unsafe class NvmlDoubleDetails
{
    public static readonly string[] Functions =
    [
        "nvmlDeviceGetFieldValues", "nvmlDeviceGetEnforcedPowerLimit", "nvmlDeviceGetMarginTemperature", "nvmlDeviceGetNumFans",
        "nvmlDeviceGetFanSpeed_v2", "nvmlDeviceGetFanSpeed", "nvmlDeviceGetFanSpeedRPM", "nvmlDeviceGetClockInfo",
        "nvmlDeviceGetPerformanceState", "nvmlDeviceGetCurrentClocksEventReasons", "nvmlDeviceGetCurrentClocksThrottleReasons",
        "nvmlDeviceGetEncoderUtilization", "nvmlDeviceGetDecoderUtilization", "nvmlDeviceGetCurrPcieLinkGeneration",
        "nvmlDeviceGetCurrPcieLinkWidth", "nvmlDeviceGetPcieReplayCounter", "nvmlDeviceGetTotalEccErrors", "nvmlDeviceGetRemappedRows",
        "nvmlDeviceGetViolationStatus",
    ];

    /// <summary>What a field answers: its type, its bits, its status.</summary>
    public static readonly Dictionary<uint, (uint Type, ulong Bits, NvmlStatus Status)> Fields = [];

    /// <summary>The fields of the last call, with their scopes.</summary>
    public static readonly List<(uint Field, uint Scope)> Asked = [];

    public static uint FanCount { get; set; }
    public static ulong ThrottleBits { get; set; }
    public static uint PerformanceState { get; set; }
    public static int MarginCelsius { get; set; }

    public static void Reset()
    {
        (FanCount, ThrottleBits, PerformanceState, MarginCelsius) = (2, 0x4, 2, 23);
        Asked.Clear();
        Fields.Clear();
        foreach (var field in Enum.GetValues<NvmlField>())
            Fields[(uint)field] = (3, 1000 + (uint)field, NvmlStatus.Success);
        foreach (var flag in (uint[])[31, 144, 145])
            Fields[flag] = (1, 0, NvmlStatus.Success);
        Fields[82] = (1, 78, NvmlStatus.Success);
        Fields[91] = (1, 18, NvmlStatus.Success);
        Fields[230] = (1, 0, NvmlStatus.Success);
    }

    public static nint Resolve(string symbol) => symbol switch
    {
        "nvmlDeviceGetFieldValues" => (nint)(delegate* unmanaged[Cdecl]<nint, int, NvmlFieldValue*, NvmlStatus>)&GetFields,
        "nvmlDeviceGetEnforcedPowerLimit" => (nint)(delegate* unmanaged[Cdecl]<nint, uint*, NvmlStatus>)&GetPowerLimit,
        "nvmlDeviceGetMarginTemperature" => (nint)(delegate* unmanaged[Cdecl]<nint, NvmlMargin*, NvmlStatus>)&GetMargin,
        "nvmlDeviceGetNumFans" => (nint)(delegate* unmanaged[Cdecl]<nint, uint*, NvmlStatus>)&GetFanCount,
        "nvmlDeviceGetFanSpeed_v2" => (nint)(delegate* unmanaged[Cdecl]<nint, uint, uint*, NvmlStatus>)&GetFanSpeedV2,
        "nvmlDeviceGetFanSpeed" => (nint)(delegate* unmanaged[Cdecl]<nint, uint*, NvmlStatus>)&GetFanSpeed,
        "nvmlDeviceGetFanSpeedRPM" => (nint)(delegate* unmanaged[Cdecl]<nint, NvmlFanSpeed*, NvmlStatus>)&GetFanRpm,
        "nvmlDeviceGetClockInfo" => (nint)(delegate* unmanaged[Cdecl]<nint, uint, uint*, NvmlStatus>)&GetClock,
        "nvmlDeviceGetPerformanceState" => (nint)(delegate* unmanaged[Cdecl]<nint, uint*, NvmlStatus>)&GetPerformanceState,
        "nvmlDeviceGetCurrentClocksEventReasons" => (nint)(delegate* unmanaged[Cdecl]<nint, ulong*, NvmlStatus>)&GetEventReasons,
        "nvmlDeviceGetCurrentClocksThrottleReasons" => (nint)(delegate* unmanaged[Cdecl]<nint, ulong*, NvmlStatus>)&GetThrottleReasons,
        "nvmlDeviceGetEncoderUtilization" => (nint)(delegate* unmanaged[Cdecl]<nint, uint*, uint*, NvmlStatus>)&GetEncoder,
        "nvmlDeviceGetDecoderUtilization" => (nint)(delegate* unmanaged[Cdecl]<nint, uint*, uint*, NvmlStatus>)&GetDecoder,
        "nvmlDeviceGetCurrPcieLinkGeneration" => (nint)(delegate* unmanaged[Cdecl]<nint, uint*, NvmlStatus>)&GetPcieGeneration,
        "nvmlDeviceGetCurrPcieLinkWidth" => (nint)(delegate* unmanaged[Cdecl]<nint, uint*, NvmlStatus>)&GetPcieWidth,
        "nvmlDeviceGetPcieReplayCounter" => (nint)(delegate* unmanaged[Cdecl]<nint, uint*, NvmlStatus>)&GetPcieReplays,
        "nvmlDeviceGetTotalEccErrors" => (nint)(delegate* unmanaged[Cdecl]<nint, uint, uint, ulong*, NvmlStatus>)&GetEccErrors,
        "nvmlDeviceGetRemappedRows" => (nint)(delegate* unmanaged[Cdecl]<nint, uint*, uint*, uint*, uint*, NvmlStatus>)&GetRemappedRows,
        "nvmlDeviceGetViolationStatus" => (nint)(delegate* unmanaged[Cdecl]<nint, uint, NvmlViolation*, NvmlStatus>)&GetViolation,
        _ => 0,
    };

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetFields(nint device, int count, NvmlFieldValue* values)
    {
        var status = NvmlDouble.Status("nvmlDeviceGetFieldValues", device);
        Asked.Clear();
        for (var i = 0; i < count; i++)
        {
            Asked.Add((values[i].FieldId, values[i].ScopeId));
            var (type, bits, fieldStatus) = Fields[values[i].FieldId];
            if (NvmlDouble.Garbage is { } random)
                Spoil(random, &values[i]);
            else if (!NvmlDouble.WritesNothing)
                (values[i].ValueType, values[i].Bits, values[i].Status) = (type, bits, fieldStatus);
        }
        return status;
    }

    // Mostly of a type that there is, else hardly any bits would ever be looked at
    private static void Spoil(Random random, NvmlFieldValue* value)
    {
        var field = value->FieldId;
        random.NextBytes(new Span<byte>(value, sizeof(NvmlFieldValue)));
        if (random.Next(8) != 0)
            (value->FieldId, value->Status, value->ValueType) = (field, NvmlStatus.Success, (uint)random.Next(8));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetPowerLimit(nint device, uint* milliwatts) =>
        NvmlDouble.Answer("nvmlDeviceGetEnforcedPowerLimit", device, milliwatts, 450_000u);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetMargin(nint device, NvmlMargin* margin) => margin->Version != 0x01000008 ? NvmlStatus.ArgumentVersionMismatch
        : NvmlDouble.Answer("nvmlDeviceGetMarginTemperature", device, margin, *margin with { Celsius = MarginCelsius });

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetFanCount(nint device, uint* count) => NvmlDouble.Answer("nvmlDeviceGetNumFans", device, count, FanCount);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetFanSpeedV2(nint device, uint fan, uint* percent) => fan >= FanCount ? NvmlStatus.InvalidArgument
        : NvmlDouble.Answer("nvmlDeviceGetFanSpeed_v2", device, percent, 55 + fan);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetFanSpeed(nint device, uint* percent) => NvmlDouble.Answer("nvmlDeviceGetFanSpeed", device, percent, 54u);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetFanRpm(nint device, NvmlFanSpeed* speed) => speed->Version != 0x0100000c ? NvmlStatus.ArgumentVersionMismatch
        : NvmlDouble.Answer("nvmlDeviceGetFanSpeedRPM", device, speed, *speed with { Rpm = 1500 + speed->Fan });

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetClock(nint device, uint clock, uint* megahertz) =>
        NvmlDouble.Answer("nvmlDeviceGetClockInfo", device, megahertz, 2000 + clock);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetPerformanceState(nint device, uint* state) =>
        NvmlDouble.Answer("nvmlDeviceGetPerformanceState", device, state, PerformanceState);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetEventReasons(nint device, ulong* bits) =>
        NvmlDouble.Answer("nvmlDeviceGetCurrentClocksEventReasons", device, bits, ThrottleBits);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetThrottleReasons(nint device, ulong* bits) =>
        NvmlDouble.Answer("nvmlDeviceGetCurrentClocksThrottleReasons", device, bits, ThrottleBits);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetEncoder(nint device, uint* percent, uint* period) =>
        NvmlDouble.Answer("nvmlDeviceGetEncoderUtilization", device, percent, 11u);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetDecoder(nint device, uint* percent, uint* period) =>
        NvmlDouble.Answer("nvmlDeviceGetDecoderUtilization", device, percent, 12u);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetPcieGeneration(nint device, uint* generation) =>
        NvmlDouble.Answer("nvmlDeviceGetCurrPcieLinkGeneration", device, generation, 4u);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetPcieWidth(nint device, uint* lanes) => NvmlDouble.Answer("nvmlDeviceGetCurrPcieLinkWidth", device, lanes, 16u);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetPcieReplays(nint device, uint* count) => NvmlDouble.Answer("nvmlDeviceGetPcieReplayCounter", device, count, 94u);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetEccErrors(nint device, uint kind, uint counter, ulong* count) =>
        NvmlDouble.Answer("nvmlDeviceGetTotalEccErrors", device, count, 3ul + kind + 2 * counter);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetRemappedRows(nint device, uint* corrected, uint* uncorrected, uint* pending, uint* failed)
    {
        if (!NvmlDouble.WritesNothing)
            (*corrected, *uncorrected, *pending) = (142, 143, 1);
        return NvmlDouble.Answer("nvmlDeviceGetRemappedRows", device, failed, 0u);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetViolation(nint device, uint policy, NvmlViolation* violation) =>
        NvmlDouble.Answer("nvmlDeviceGetViolationStatus", device, violation, new() { ViolationNanoseconds = 74_000_000_000ul + policy });
}
