using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GpuPlatform.Collector.Nvml;

namespace GpuPlatform.Tests.Collector.Nvml;

/// <summary>
/// An NVML of managed functions behind real function pointers, so that the real marshalling runs. Native callbacks are static, so is
/// its state: the tests that use it run one after another. The functions stand by family in <c>NvmlDouble…</c>.
/// </summary>
internal static unsafe class NvmlDouble
{
    public static readonly Dictionary<string, NvmlStatus> StatusByFunction = [];
    public static readonly HashSet<string> MissingSymbols = [];
    public static readonly HashSet<string> ResolvedSymbols = [];
    public static readonly Dictionary<string, int> CallCounts = [];

    private static bool _hangs;

    /// <summary>Every function, without the version in its name where its versions are one function.</summary>
    public static readonly string[] Functions =
    [
        "nvmlInit", "nvmlShutdown", "nvmlSystemGetDriverVersion", "nvmlSystemGetNVMLVersion", "nvmlSystemGetCudaDriverVersion",
        "nvmlDeviceGetCount", "nvmlDeviceGetHandleByIndex", "nvmlDeviceGetName", "nvmlDeviceGetUUID",
        .. NvmlDoubleReadings.Functions, .. NvmlDoubleDetails.Functions, .. NvmlDoubleFacts.Functions, .. NvmlDoubleProcesses.Functions,
        .. NvmlDoubleMig.Functions, .. NvmlDoubleGpm.Functions,
    ];

    public static uint DeviceCountValue { get; set; }
    public static byte[] DriverVersionBytes { get; set; } = [];
    public static byte[] NameBytes { get; set; } = [];
    public static byte[]? UuidBytes { get; set; }
    public static uint CudaVersionValue { get; set; }

    /// <summary>Only this device (by index) answers with <see cref="StatusByFunction"/>; null: all do.</summary>
    public static int? FailingDevice { get; set; }

    /// <summary>Every output is filled with its bytes instead of values.</summary>
    public static Random? Garbage { get; set; }

    /// <summary>Success is answered and nothing written.</summary>
    public static bool WritesNothing { get; set; }

    /// <summary>The next utilisation call does not return before this is set.</summary>
    public static ManualResetEventSlim? HangUntil { get; set; }

    public static bool Hangs => Volatile.Read(ref _hangs);

    public static int InitCount => CallCounts.GetValueOrDefault("nvmlInit");
    public static int ShutdownCount => CallCounts.GetValueOrDefault("nvmlShutdown");
    public static int HandleCount => CallCounts.GetValueOrDefault("nvmlDeviceGetHandleByIndex");

    public static void Reset()
    {
        StatusByFunction.Clear();
        MissingSymbols.Clear();
        ResolvedSymbols.Clear();
        CallCounts.Clear();
        (DeviceCountValue, CudaVersionValue, FailingDevice, Garbage, WritesNothing) = (2, 12020, null, null, false);
        (HangUntil, _hangs) = (null, false);
        DriverVersionBytes = "580.65.06\0"u8.ToArray();
        NameBytes = "NVIDIA Double\0"u8.ToArray();
        UuidBytes = null;
        NvmlDoubleReadings.Reset();
        NvmlDoubleDetails.Reset();
        NvmlDoubleProcesses.Reset();
        NvmlDoubleMig.Reset();
        NvmlDoubleGpm.Reset();
    }

    public static NvmlLibrary Library() => new(Resolve);

    /// <summary>Says success, or what the test says, and writes the value, or what the test says.</summary>
    public static NvmlStatus Answer<T>(string function, nint device, T* output, T value) where T : unmanaged
    {
        var status = Status(function, device);
        if (Garbage is { } random)
            random.NextBytes(new Span<byte>(output, sizeof(T)));
        else if (!WritesNothing)
            *output = value;
        return status;
    }

    public static NvmlStatus Answer(string function, nint device, byte* text, uint length, ReadOnlySpan<byte> value)
    {
        var status = Status(function, device);
        if (Garbage is { } random)
            random.NextBytes(new Span<byte>(text, (int)length));
        else if (!WritesNothing)
            value[..Math.Min(value.Length, (int)length)].CopyTo(new Span<byte>(text, (int)length));
        return status;
    }

    /// <summary>Counts the call, and says what the test wants said.</summary>
    public static NvmlStatus Status(string function, nint device = 0)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(CallCounts, function, out _)++;
        return (device == 0 || FailingDevice is null || device == FailingDevice + 1) && StatusByFunction.TryGetValue(function, out var status)
            ? status : NvmlStatus.Success;
    }

    public static void HangIfAsked()
    {
        if (HangUntil is not { } release)
            return;
        Volatile.Write(ref _hangs, true);
        release.Wait();
        HangUntil = null;
    }

    private static nint Resolve(string symbol)
    {
        ResolvedSymbols.Add(symbol);
        return MissingSymbols.Contains(symbol) ? 0
            : Session(symbol) is var session and not 0 ? session
            : NvmlDoubleReadings.Resolve(symbol) is var reading and not 0 ? reading
            : NvmlDoubleDetails.Resolve(symbol) is var detail and not 0 ? detail
            : NvmlDoubleFacts.Resolve(symbol) is var fact and not 0 ? fact
            : NvmlDoubleProcesses.Resolve(symbol) is var process and not 0 ? process
            : NvmlDoubleMig.Resolve(symbol) is var mig and not 0 ? mig
            : NvmlDoubleGpm.Resolve(symbol);
    }

    private static nint Session(string symbol) => symbol switch
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
        _ => 0,
    };

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus Init() => Status("nvmlInit");

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus Shutdown() => Status("nvmlShutdown");

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus DriverVersion(byte* text, uint length) => Answer("nvmlSystemGetDriverVersion", 0, text, length, DriverVersionBytes);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus NvmlVersion(byte* text, uint length) => Answer("nvmlSystemGetNVMLVersion", 0, text, length, "12.580.65.06\0"u8);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus CudaVersion(uint* version) => Answer("nvmlSystemGetCudaDriverVersion", 0, version, CudaVersionValue);

    // Garbage in a count or a handle is a matter of the opening, and has tests of its own
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus DeviceCount(uint* count)
    {
        *count = DeviceCountValue;
        return Status("nvmlDeviceGetCount");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus HandleByIndex(uint index, nint* device)
    {
        *device = (nint)index + 1;
        return Status("nvmlDeviceGetHandleByIndex", *device);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus Name(nint device, byte* text, uint length) => Answer("nvmlDeviceGetName", device, text, length, NameBytes);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus Uuid(nint device, byte* text, uint length) => Answer("nvmlDeviceGetUUID", device, text, length,
        NvmlDoubleMig.Uuid(device) ?? UuidBytes ?? System.Text.Encoding.ASCII.GetBytes($"GPU-{device - 1}\0"));
}
