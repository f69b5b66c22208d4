using System.Runtime.InteropServices;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Nvml;

/// <summary>Reads a GPU's compute, graphics and shared-server process lists into one list with one entry per pid.</summary>
internal sealed class NvmlProcessLists(NvmlApi api, NvmlAnswers answers, NvmlDevice device)
{
    // Beyond any host's number of GPU processes; a garbage count must not become a garbage allocation
    private const int MostEntries = 8192;
    private const int MostAttempts = 4;

    private readonly ProcessList[] _lists =
    [
        new("nvmlDeviceGetComputeRunningProcesses", api.Processes.Compute, GpuContext.Compute, answers),
        new("nvmlDeviceGetGraphicsRunningProcesses", api.Processes.Graphics, GpuContext.Graphics, answers),
        new("nvmlDeviceGetMPSComputeRunningProcesses", api.Processes.Mps, GpuContext.Compute, answers),
    ];

    private byte[] _buffer = new byte[64 * ProcessEntries.WidestBytes];

    /// <summary>True: a process that works on an instance of the GPU is left to the list of that instance.</summary>
    public bool LeavesInstances { get; set; }

    /// <summary>
    /// True when the list is what the driver knows. A list this GPU does not have counts as empty as long as another exists; a list that
    /// failed makes the whole answer unknown, else its processes would seem to have exited.
    /// </summary>
    public bool Read(List<GpuProcessReading> processes)
    {
        processes.Clear();
        var isKnown = false;
        foreach (var list in _lists)
        {
            if (!list.Query.IsOpen)
                continue;
            var outcome = Read(list, processes);
            if (outcome >= NvmlOutcome.Failed)
                return false;
            isKnown |= outcome == NvmlOutcome.Answered;
        }
        return isKnown;
    }

    private NvmlOutcome Read(ProcessList list, List<GpuProcessReading> processes)
    {
        var status = NvmlStatus.InsufficientSize;
        for (var attempt = 0; status == NvmlStatus.InsufficientSize && attempt < MostAttempts; attempt++)
        {
            ProcessEntries.Prepare(_buffer);
            var capacity = _buffer.Length / ProcessEntries.WidestBytes;
            var count = (uint)capacity;
            status = list.Function.Read(device, ref count, _buffer);
            if (status == NvmlStatus.Success && (count > capacity || !Merge((int)count, list.Context, processes)))
                return Implausible(list.Name);
            // Processes may start between two calls, so there is room for more than it asked for
            if (status == NvmlStatus.InsufficientSize)
                Grow((int)Math.Min(count, MostEntries) * 2 + 5, capacity);
        }
        return list.Query.Accept(status) ? NvmlOutcome.Answered : NvmlStatusFunnel.Meaning(status);
    }

    private void Grow(int wanted, int capacity) =>
        _buffer = new byte[Math.Clamp(wanted, Math.Min(capacity + 1, MostEntries), MostEntries) * ProcessEntries.WidestBytes];

    private NvmlOutcome Implausible(string function)
    {
        answers.CountImplausible(function);
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
            if (!LeavesInstances || !ProcessEntries.IsOnInstance(_buffer, i, stride))
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

    private sealed class ProcessList(string name, DeviceList function, GpuContext context, NvmlAnswers answers)
    {
        public string Name => name;

        public DeviceList Function => function;

        public GpuContext Context => context;

        public NvmlQuery Query { get; } = answers.Query(name);
    }
}
