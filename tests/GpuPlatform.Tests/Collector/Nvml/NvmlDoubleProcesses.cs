using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GpuPlatform.Collector.Nvml;

namespace GpuPlatform.Tests.Collector.Nvml;

/// <summary>One sample of how busy a process kept a GPU.</summary>
internal readonly record struct SampleDouble(uint Pid, ulong Microseconds, uint Sm, uint Memory, uint Encoder, uint Decoder);

/// <summary>The functions for processes.</summary>
internal static unsafe class NvmlDoubleProcesses
{
    public static readonly string[] Functions =
    [
        "nvmlDeviceGetComputeRunningProcesses", "nvmlDeviceGetGraphicsRunningProcesses", "nvmlDeviceGetMPSComputeRunningProcesses",
        "nvmlDeviceGetProcessesUtilizationInfo", "nvmlDeviceGetProcessUtilization",
    ];

    public static readonly List<(uint Pid, ulong UsedBytes)> Compute = [];
    public static readonly List<(uint Pid, ulong UsedBytes)> Graphics = [];
    public static readonly List<(uint Pid, ulong UsedBytes)> Mps = [];
    public static readonly List<SampleDouble> Samples = [];

    /// <summary>Pids on an instance of the GPU.</summary>
    public static readonly HashSet<uint> OnInstance = [];

    public static int Stride { get; set; }

    /// <summary>The instant since which samples were last asked for.</summary>
    public static ulong AskedSince { get; private set; }

    public static void Reset()
    {
        Compute.Clear();
        Graphics.Clear();
        Mps.Clear();
        Samples.Clear();
        OnInstance.Clear();
        (Stride, AskedSince) = (24, 0);
    }

    public static nint Resolve(string symbol) => symbol switch
    {
        "nvmlDeviceGetComputeRunningProcesses_v3" or "nvmlDeviceGetComputeRunningProcesses_v2" or "nvmlDeviceGetComputeRunningProcesses" =>
            (nint)(delegate* unmanaged[Cdecl]<nint, uint*, byte*, NvmlStatus>)&GetCompute,
        "nvmlDeviceGetGraphicsRunningProcesses_v3" => (nint)(delegate* unmanaged[Cdecl]<nint, uint*, byte*, NvmlStatus>)&GetGraphics,
        "nvmlDeviceGetMPSComputeRunningProcesses_v3" => (nint)(delegate* unmanaged[Cdecl]<nint, uint*, byte*, NvmlStatus>)&GetMps,
        "nvmlDeviceGetProcessesUtilizationInfo" =>
            (nint)(delegate* unmanaged[Cdecl]<nint, NvmlUtilizationRequest*, NvmlStatus>)&GetUtilization,
        "nvmlDeviceGetProcessUtilization" => (nint)(delegate* unmanaged[Cdecl]<nint, byte*, uint*, ulong, NvmlStatus>)&GetOldUtilization,
        _ => 0,
    };

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetCompute(nint device, uint* count, byte* entries) =>
        List(Compute, count, entries, NvmlDouble.Status("nvmlDeviceGetComputeRunningProcesses", device));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetGraphics(nint device, uint* count, byte* entries) =>
        List(Graphics, count, entries, NvmlDouble.Status("nvmlDeviceGetGraphicsRunningProcesses", device));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetMps(nint device, uint* count, byte* entries) =>
        List(Mps, count, entries, NvmlDouble.Status("nvmlDeviceGetMPSComputeRunningProcesses", device));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetUtilization(nint device, NvmlUtilizationRequest* request)
    {
        var status = NvmlDouble.Status("nvmlDeviceGetProcessesUtilizationInfo", device);
        return request->Version != 0x01000018 ? NvmlStatus.ArgumentVersionMismatch
            : Sample(&request->Count, (byte*)request->Samples, request->LastSeenMicroseconds, 40, status);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static NvmlStatus GetOldUtilization(nint device, byte* samples, uint* count, ulong since) =>
        Sample(count, samples, since, 32, NvmlDouble.Status("nvmlDeviceGetProcessUtilization", device));

    private static NvmlStatus Sample(uint* count, byte* samples, ulong since, int stride, NvmlStatus status)
    {
        AskedSince = since;
        var capacity = *count;
        if (NvmlDouble.Garbage is { } random)
            return Spoil(random, count, samples, (int)capacity * stride, status);
        *count = (uint)Samples.Count;
        if (status != NvmlStatus.Success || NvmlDouble.WritesNothing)
            return status;
        if (Samples.Count == 0)
            return NvmlStatus.NotFound;
        if (Samples.Count > capacity)
            return NvmlStatus.InsufficientSize;
        for (var i = 0; i < Samples.Count; i++)
            Write(Samples[i], new Span<byte>(samples + i * stride, stride));
        return NvmlStatus.Success;
    }

    private static void Write(SampleDouble sample, Span<byte> entry)
    {
        entry.Clear();
        var (pidAt, instantAt, percentAt) = entry.Length == 40 ? (8, 0, 12) : (0, 8, 16);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[pidAt..], sample.Pid);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[instantAt..], sample.Microseconds);
        foreach (var (i, percent) in ((uint[])[sample.Sm, sample.Memory, sample.Encoder, sample.Decoder]).Index())
            BinaryPrimitives.WriteUInt32LittleEndian(entry[(percentAt + 4 * i)..], percent);
    }

    private static NvmlStatus List(List<(uint Pid, ulong UsedBytes)> processes, uint* count, byte* entries, NvmlStatus status)
    {
        var capacity = *count;
        if (NvmlDouble.Garbage is { } random)
            return Spoil(random, count, entries, (int)capacity * Stride, status);
        *count = (uint)processes.Count;
        if (status != NvmlStatus.Success || NvmlDouble.WritesNothing)
            return status;
        if (processes.Count > capacity)
            return NvmlStatus.InsufficientSize;
        for (var i = 0; i < processes.Count; i++)
        {
            var entry = new Span<byte>(entries + i * Stride, Stride);
            entry.Clear();
            BinaryPrimitives.WriteUInt32LittleEndian(entry, processes[i].Pid);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[8..], processes[i].UsedBytes);
            if (Stride >= 24)
                BinaryPrimitives.WriteUInt64LittleEndian(entry[16..], OnInstance.Contains(processes[i].Pid) ? 1 : ulong.MaxValue);
        }
        return NvmlStatus.Success;
    }

    // A small count now and then, else the entries would never be looked at
    private static NvmlStatus Spoil(Random random, uint* count, byte* entries, int bytes, NvmlStatus status)
    {
        random.NextBytes(new Span<byte>(entries, bytes));
        *count = random.Next(3) == 0 ? (uint)random.Next() : (uint)random.Next(5);
        return random.Next(10) == 0 ? NvmlStatus.InsufficientSize : status;
    }
}
