using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using GpuPlatform.Collector.Nvml;

namespace GpuPlatform.Tests.Collector.Nvml;

/// <summary>The functions for instances. Only the first GPU has any.</summary>
internal static unsafe class NvmlDoubleMig
{
    /// <summary>Handle of the first slot.</summary>
    public const int FirstHandle = 1000;

    public static readonly string[] Functions =
        ["nvmlDeviceGetMigMode", "nvmlDeviceGetMaxMigDeviceCount", "nvmlDeviceGetMigDeviceHandleByIndex", "nvmlDeviceGetGpuInstanceId"];

    /// <summary>Slots that hold an instance.</summary>
    public static readonly HashSet<uint> Slots = [];

    public static bool IsEnabled { get; set; }

    public static void Reset()
    {
        IsEnabled = false;
        Slots.Clear();
    }

    public static byte[]? Uuid(nint device) => device < FirstHandle ? null : Encoding.ASCII.GetBytes($"MIG-{device - FirstHandle}\0");

    public static nint Resolve(string symbol) => symbol switch
    {
        "nvmlDeviceGetMigMode" => (nint)(delegate* unmanaged[Cdecl]<nint, uint*, uint*, NvmlStatus>)&GetMode,
        "nvmlDeviceGetMaxMigDeviceCount" => (nint)(delegate* unmanaged[Cdecl]<nint, uint*, NvmlStatus>)&GetSlotCount,
        "nvmlDeviceGetMigDeviceHandleByIndex" => (nint)(delegate* unmanaged[Cdecl]<nint, uint, nint*, NvmlStatus>)&GetInstance,
        "nvmlDeviceGetGpuInstanceId" => (nint)(delegate* unmanaged[Cdecl]<nint, uint*, NvmlStatus>)&GetInstanceId,
        _ => 0,
    };

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetMode(nint device, uint* current, uint* pending) =>
        NvmlDouble.Answer("nvmlDeviceGetMigMode", device, current, IsEnabled && device == 1 ? 1u : 0);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetSlotCount(nint device, uint* count) => NvmlDouble.Answer("nvmlDeviceGetMaxMigDeviceCount", device, count, 7u);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetInstance(nint device, uint slot, nint* instance)
    {
        *instance = FirstHandle + (nint)slot;
        var status = NvmlDouble.Status("nvmlDeviceGetMigDeviceHandleByIndex", device);
        return status == NvmlStatus.Success && !Slots.Contains(slot) ? NvmlStatus.NotFound : status;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetInstanceId(nint device, uint* id) =>
        NvmlDouble.Answer("nvmlDeviceGetGpuInstanceId", device, id, (uint)(device - FirstHandle) + 1);
}
