using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GpuPlatform.Collector.Nvml;

namespace GpuPlatform.Tests.Collector.Nvml;

/// <summary>The functions for profiling. A sample is a number that says how many were taken before it.</summary>
internal static unsafe class NvmlDoubleGpm
{
    public static readonly string[] Functions =
    [
        "nvmlGpmQueryDeviceSupport", "nvmlGpmSampleAlloc", "nvmlGpmSampleFree", "nvmlGpmSampleGet", "nvmlGpmMigSampleGet", "nvmlGpmMetricsGet",
    ];

    private static int _allocated;

    public static bool IsSupported { get; set; }

    /// <summary>Samples that were lent and not given back.</summary>
    public static int Held { get; private set; }

    /// <summary>The instances samples were taken of.</summary>
    public static HashSet<uint> Instances { get; } = [];

    public static void Reset()
    {
        (IsSupported, Held, _allocated) = (true, 0, 0);
        Instances.Clear();
    }

    public static nint Resolve(string symbol) => symbol switch
    {
        "nvmlGpmQueryDeviceSupport" => (nint)(delegate* unmanaged[Cdecl]<nint, NvmlGpmSupport*, NvmlStatus>)&GetSupport,
        "nvmlGpmSampleAlloc" => (nint)(delegate* unmanaged[Cdecl]<nint*, NvmlStatus>)&Allocate,
        "nvmlGpmSampleFree" => (nint)(delegate* unmanaged[Cdecl]<nint, NvmlStatus>)&Free,
        "nvmlGpmSampleGet" => (nint)(delegate* unmanaged[Cdecl]<nint, nint, NvmlStatus>)&Take,
        "nvmlGpmMigSampleGet" => (nint)(delegate* unmanaged[Cdecl]<nint, uint, nint, NvmlStatus>)&TakeOfInstance,
        "nvmlGpmMetricsGet" => (nint)(delegate* unmanaged[Cdecl]<NvmlGpmRequest*, NvmlStatus>)&GetMetrics,
        _ => 0,
    };

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetSupport(nint device, NvmlGpmSupport* support) => support->Version != 1 ? NvmlStatus.ArgumentVersionMismatch
        : NvmlDouble.Answer("nvmlGpmQueryDeviceSupport", device, support, *support with { IsSupported = IsSupported ? 1u : 0 });

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus Allocate(nint* sample)
    {
        var status = NvmlDouble.Status("nvmlGpmSampleAlloc");
        if (status != NvmlStatus.Success)
            return status;
        *sample = ++_allocated;
        Held++;
        return status;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus Free(nint sample)
    {
        Held--;
        return NvmlDouble.Status("nvmlGpmSampleFree");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus Take(nint device, nint sample) =>
        sample is < 1 || sample > _allocated ? NvmlStatus.InvalidArgument : NvmlDouble.Status("nvmlGpmSampleGet", device);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus TakeOfInstance(nint device, uint instance, nint sample)
    {
        Instances.Add(instance);
        return sample is < 1 || sample > _allocated ? NvmlStatus.InvalidArgument : NvmlDouble.Status("nvmlGpmMigSampleGet", device);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetMetrics(NvmlGpmRequest* request)
    {
        var status = NvmlDouble.Status("nvmlGpmMetricsGet");
        if (request->Version != 1 || request->Before == request->After)
            return NvmlStatus.InvalidArgument;
        for (var i = 0; i < request->Count; i++)
            if (NvmlDouble.Garbage is { } random)
                random.NextBytes(MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref request->Metrics[i], 1)));
            else if (!NvmlDouble.WritesNothing)
                (request->Metrics[i].Status, request->Metrics[i].Value) = (NvmlStatus.Success, 2 * request->Metrics[i].Id);
        return status;
    }
}
