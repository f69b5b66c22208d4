using System.Runtime.InteropServices;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Nvml;

/// <summary>Reads a GPU's compute and graphics process lists into one list with one entry per pid.</summary>
internal sealed class NvmlProcessLists(NvmlApi api, NvmlStatusFunnel funnel)
{
    // Beyond any host's number of GPU processes; a garbage count must not become a garbage allocation
    private const int MostEntries = 8192;
    private const int MostAttempts = 4;

    private byte[] _buffer = new byte[64 * ProcessEntries.WidestBytes];

    private delegate NvmlStatus Query(NvmlDevice device, ref uint count, Span<byte> entries);

    private readonly Query _compute = api.ComputeProcesses;
    private readonly Query _graphics = api.GraphicsProcesses;

    /// <summary>
    /// Answered when the list is what the driver knows. A list this GPU does not have counts as empty as long as the other exists;
    /// a list that failed makes the whole answer unknown, else its processes would seem to have exited.
    /// </summary>
    public NvmlOutcome Read(NvmlDevice device, List<GpuProcessReading> processes)
    {
        processes.Clear();
        var compute = Read("nvmlDeviceGetComputeRunningProcesses", _compute, device, GpuContext.Compute, processes);
        if (compute >= NvmlOutcome.Failed)
            return compute;
        var graphics = Read("nvmlDeviceGetGraphicsRunningProcesses", _graphics, device, GpuContext.Graphics, processes);
        if (graphics >= NvmlOutcome.Failed)
            return graphics;
        return compute == NvmlOutcome.Answered ? compute : graphics;
    }

    private NvmlOutcome Read(string function, Query query, NvmlDevice device, GpuContext context, List<GpuProcessReading> processes)
    {
        var status = NvmlStatus.InsufficientSize;
        for (var attempt = 0; status == NvmlStatus.InsufficientSize && attempt < MostAttempts; attempt++)
        {
            ProcessEntries.Prepare(_buffer);
            var capacity = _buffer.Length / ProcessEntries.WidestBytes;
            var count = (uint)capacity;
            status = query(device, ref count, _buffer);
            if (status == NvmlStatus.Success)
                return count <= capacity && Merge((int)count, context, processes) ? NvmlOutcome.Answered : Implausible(function);
            // Processes may start between two calls, so there is room for more than it asked for
            if (status == NvmlStatus.InsufficientSize)
                Grow((int)Math.Min(count, MostEntries) * 2 + 5, capacity);
        }
        return funnel.Judge(function, status);
    }

    private void Grow(int wanted, int capacity) =>
        _buffer = new byte[Math.Clamp(wanted, Math.Min(capacity + 1, MostEntries), MostEntries) * ProcessEntries.WidestBytes];

    private NvmlOutcome Implausible(string function)
    {
        funnel.CountImplausible(function);
        return NvmlOutcome.Failed;
    }

    private bool Merge(int count, GpuContext context, List<GpuProcessReading> processes)
    {
        if (count == 0)
            return true;
        var stride = ProcessEntries.Stride(_buffer, count);
        if (stride == 0 || !ProcessEntries.PidsPlausible(_buffer, count, stride))
            return false;
        for (var i = 0; i < count; i++)
            Merge(new(ProcessEntries.Pid(_buffer, i, stride), context, ProcessEntries.MemoryBytes(_buffer, i, stride)), processes);
        return true;
    }

    private static void Merge(GpuProcessReading entry, List<GpuProcessReading> processes)
    {
        foreach (ref var known in CollectionsMarshal.AsSpan(processes))
            if (known.Pid == entry.Pid)
            {
                // Both lists report the process's whole memory: the larger one, never the sum
                var context = known.Context == entry.Context ? known.Context : GpuContext.ComputeAndGraphics;
                known = new(known.Pid, context, Larger(known.MemoryUsedBytes, entry.MemoryUsedBytes));
                return;
            }
        processes.Add(entry);
    }

    private static long? Larger(long? a, long? b) => a is null ? b : b is null ? a : Math.Max(a.Value, b.Value);
}
