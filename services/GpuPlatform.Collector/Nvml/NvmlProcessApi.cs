namespace GpuPlatform.Collector.Nvml;

/// <summary>Functions for the processes on a GPU, the dearest of all.</summary>
internal sealed unsafe class NvmlProcessApi(NvmlLibrary library)
{
    private readonly delegate* unmanaged[Cdecl]<NvmlDevice, void*, uint*, ulong, NvmlStatus> _samples =
        (delegate* unmanaged[Cdecl]<NvmlDevice, void*, uint*, ulong, NvmlStatus>)library.Resolve("nvmlDeviceGetProcessUtilization");
    private readonly DeviceRecord<NvmlUtilizationRequest> _utilization = new(library.Resolve("nvmlDeviceGetProcessesUtilizationInfo"));

    /// <summary><c>nvmlDeviceGetComputeRunningProcesses_v3</c>: entries of a layout that <see cref="ProcessEntries"/> works out.</summary>
    public DeviceList Compute { get; } = List(library, "nvmlDeviceGetComputeRunningProcesses");

    /// <summary><c>nvmlDeviceGetGraphicsRunningProcesses_v3</c>, likewise.</summary>
    public DeviceList Graphics { get; } = List(library, "nvmlDeviceGetGraphicsRunningProcesses");

    /// <summary><c>nvmlDeviceGetMPSComputeRunningProcesses_v3</c>, likewise: clients of a server that shares the GPU among them.</summary>
    public DeviceList Mps { get; } = List(library, "nvmlDeviceGetMPSComputeRunningProcesses");

    /// <summary><c>nvmlDeviceGetProcessesUtilizationInfo</c>: samples of 40 bytes since an instant in µs. The only one from Blackwell on.</summary>
    public NvmlStatus Utilization(NvmlDevice device, ulong since, ref uint count, Span<byte> samples)
    {
        fixed (byte* target = samples)
        {
            var request = new NvmlUtilizationRequest
            {
                Version = NvmlUtilizationRequest.CurrentVersion, Count = count, LastSeenMicroseconds = since, Samples = (nint)target,
            };
            var status = _utilization.Read(device, &request);
            count = request.Count;
            return status;
        }
    }

    /// <summary><c>nvmlDeviceGetProcessUtilization</c>: the same as samples of 32 bytes. Maxwell and later.</summary>
    public NvmlStatus OldUtilization(NvmlDevice device, ulong since, ref uint count, Span<byte> samples)
    {
        var counter = count;
        NvmlStatus status;
        fixed (byte* target = samples)
            status = _samples == null ? NvmlStatus.FunctionNotFound : _samples(device, target, &counter, since);
        count = counter;
        return status;
    }

    private static DeviceList List(NvmlLibrary library, string function) =>
        new(library.Resolve($"{function}_v3", $"{function}_v2", function));
}
