using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GpuPlatform.Collector.Nvml;

namespace GpuPlatform.Tests.Collector.Nvml;

/// <summary>
/// What <see cref="NvmlDouble"/> lacks to stand for a whole host: GPUs on a bus, functions that hang, and events. Static like it, and for the
/// same reason.
/// </summary>
internal static unsafe class NvmlHostDouble
{
    private static int _eventSetCount;
    private static int _freedEventSets;
    private static int _waitCount;

    /// <summary>Those that <see cref="NvmlDouble"/> does not know.</summary>
    public static readonly string[] Functions =
    [
        "nvmlDeviceGetHandleByPciBusId", "nvmlDeviceGetIndex", "nvmlEventSetCreate", "nvmlEventSetFree", "nvmlEventSetWait",
        "nvmlDeviceGetSupportedEventTypes", "nvmlDeviceRegisterEvents",
    ];

    /// <summary>Functions that do not return before their event is set.</summary>
    public static readonly ConcurrentDictionary<string, ManualResetEventSlim> Hanging = new();

    /// <summary>Functions that are in that hang now.</summary>
    public static readonly ConcurrentDictionary<string, bool> Hung = new();

    /// <summary>What the next waits for events answer; when there is nothing, they time out.</summary>
    public static readonly ConcurrentQueue<(NvmlStatus Status, NvmlEvent Event)> Events = new();

    /// <summary>In the order of the driver's numbers.</summary>
    public static readonly List<string> Addresses = [];

    public static readonly ConcurrentQueue<string> Opened = new();

    public static readonly ConcurrentQueue<nint> Registered = new();

    public static int InitCount { get; private set; }

    public static int ShutdownCount { get; private set; }

    public static int ByIndexCount { get; private set; }

    public static int EventSetCount => Volatile.Read(ref _eventSetCount);

    public static int FreedEventSetCount => Volatile.Read(ref _freedEventSets);

    public static int WaitCount => Volatile.Read(ref _waitCount);

    public static void Reset()
    {
        NvmlDouble.Reset();
        Hanging.Clear();
        Hung.Clear();
        Events.Clear();
        Addresses.Clear();
        Opened.Clear();
        Registered.Clear();
        (InitCount, ShutdownCount, ByIndexCount, _eventSetCount, _freedEventSets, _waitCount) = (0, 0, 0, 0, 0, 0);
    }

    public static NvmlLibrary Library() => new(name => Own(name) is not 0 and var own ? own : NvmlDouble.Library().Resolve(name));

    private static nint Own(string symbol) => NvmlDouble.MissingSymbols.Contains(symbol) ? 0 : symbol switch
    {
        "nvmlInit_v2" => (nint)(delegate* unmanaged[Cdecl]<NvmlStatus>)&Init,
        "nvmlShutdown" => (nint)(delegate* unmanaged[Cdecl]<NvmlStatus>)&Shutdown,
        "nvmlDeviceGetCount_v2" => (nint)(delegate* unmanaged[Cdecl]<uint*, NvmlStatus>)&Count,
        "nvmlDeviceGetHandleByIndex_v2" => (nint)(delegate* unmanaged[Cdecl]<uint, nint*, NvmlStatus>)&ByIndex,
        "nvmlDeviceGetHandleByPciBusId_v2" => (nint)(delegate* unmanaged[Cdecl]<byte*, nint*, NvmlStatus>)&ByAddress,
        "nvmlDeviceGetPciInfo_v3" => (nint)(delegate* unmanaged[Cdecl]<nint, uint*, NvmlStatus>)&PciInfo,
        "nvmlDeviceGetIndex" => (nint)(delegate* unmanaged[Cdecl]<nint, uint*, NvmlStatus>)&Index,
        "nvmlEventSetCreate" => (nint)(delegate* unmanaged[Cdecl]<nint*, NvmlStatus>)&CreateSet,
        "nvmlEventSetFree" => (nint)(delegate* unmanaged[Cdecl]<nint, NvmlStatus>)&FreeSet,
        "nvmlDeviceGetSupportedEventTypes" => (nint)(delegate* unmanaged[Cdecl]<nint, NvmlEventTypes*, NvmlStatus>)&Supported,
        "nvmlDeviceRegisterEvents" => (nint)(delegate* unmanaged[Cdecl]<nint, NvmlEventTypes, nint, NvmlStatus>)&Register,
        "nvmlEventSetWait_v2" => (nint)(delegate* unmanaged[Cdecl]<nint, NvmlEvent*, uint, NvmlStatus>)&Wait,
        _ => 0,
    };

    private static NvmlStatus Answer(string function, nint device = 0)
    {
        if (Hanging.TryGetValue(device == 0 ? function : $"{function} {device - 1}", out var release))
        {
            Hung[function] = true;
            release.Wait();
            Hung.TryRemove(function, out _);
        }
        return (device == 0 || NvmlDouble.FailingDevice is null || device == NvmlDouble.FailingDevice + 1)
            && NvmlDouble.StatusByFunction.TryGetValue(function, out var status) ? status : NvmlStatus.Success;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus Init()
    {
        InitCount++;
        return Answer("nvmlInit");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus Shutdown()
    {
        var status = Answer("nvmlShutdown");
        ShutdownCount++;
        return status;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus Count(uint* count)
    {
        *count = (uint)Addresses.Count;
        return Answer("nvmlDeviceGetCount");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus ByIndex(uint index, nint* device)
    {
        ByIndexCount++;
        *device = (nint)index + 1;
        return Answer("nvmlDeviceGetHandleByIndex", *device);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus ByAddress(byte* address, nint* device)
    {
        var text = Marshal.PtrToStringAnsi((nint)address)!;
        Opened.Enqueue(text);
        *device = Addresses.IndexOf(text) + 1;
        return *device == 0 ? NvmlStatus.NotFound : Answer("nvmlDeviceGetHandleByPciBusId", *device);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus PciInfo(nint device, uint* info)
    {
        var parts = Addresses[(int)device - 1].Split(':', '.');
        for (var i = 0; i < 3; i++)
            info[4 + i] = Convert.ToUInt32(parts[i], 16);
        return Answer("nvmlDeviceGetPciInfo", device);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus Index(nint device, uint* index)
    {
        *index = (uint)device - 1;
        return Answer("nvmlDeviceGetIndex", device);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus CreateSet(nint* set)
    {
        *set = Interlocked.Increment(ref _eventSetCount);
        return Answer("nvmlEventSetCreate");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus FreeSet(nint set)
    {
        Interlocked.Increment(ref _freedEventSets);
        return Answer("nvmlEventSetFree");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus Supported(nint device, NvmlEventTypes* types)
    {
        *types = (NvmlEventTypes)0xffff;
        return Answer("nvmlDeviceGetSupportedEventTypes", device);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus Register(nint device, NvmlEventTypes types, nint set)
    {
        Registered.Enqueue(device - 1);
        return Answer("nvmlDeviceRegisterEvents", device);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus Wait(nint set, NvmlEvent* data, uint milliseconds)
    {
        Interlocked.Increment(ref _waitCount);
        if (Answer("nvmlEventSetWait") is var status and not NvmlStatus.Success)
            return status;
        if (!Events.TryDequeue(out var next))
            return NvmlStatus.Timeout;
        *data = next.Event;
        return next.Status;
    }
}
