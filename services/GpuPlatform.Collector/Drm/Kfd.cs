using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace GpuPlatform.Collector.Drm;

/// <summary>Memory of ROCm processes on one card, which <c>fdinfo</c> does not know: <c>/sys/class/kfd/kfd/proc/PID/vram_GPUID</c>.</summary>
internal sealed class Kfd
{
    private readonly string _processes;
    private readonly byte[] _prefix;
    private readonly KernelReader _files;
    private readonly List<uint> _gpuIds;
    private readonly byte[] _path = new byte[4096];

    public Kfd(string root, DrmCard card, KernelReader files)
    {
        var folder = Path.Combine(root, "sys/class/kfd/kfd");
        _files = files;
        _processes = Path.Combine(folder, "proc");
        _prefix = Encoding.UTF8.GetBytes(_processes + "/");
        _gpuIds = FindGpuIds(Path.Combine(folder, "topology/nodes"), card, files);
    }

    /// <summary>The processes with memory on the card, into a list that is emptied first.</summary>
    public void Read(List<(int Pid, long MemoryBytes)> processes)
    {
        processes.Clear();
        if (_gpuIds.Count == 0)
            return;
        using var pids = new NumberedEntries(_processes);
        while (pids.MoveNext())
        {
            var bytes = 0L;
            foreach (var gpuId in _gpuIds)
                bytes += MemoryBytes(pids.Current, gpuId);
            if (bytes > 0)
                processes.Add((pids.Current, bytes));
        }
    }

    private long MemoryBytes(int pid, uint gpuId)
    {
        var text = KernelReader.Trim(_files.Read(ProcPath.Write(_path, _prefix, pid, "/vram_"u8, gpuId), "kfd vram"));
        if (text.IsEmpty)
            return 0;
        if (Utf8Parser.TryParse(text, out long bytes, out var used) && used == text.Length && bytes is >= 0 and <= 1L << 50)
            return bytes;
        _files.CountGarbage("kfd vram");
        return 0;
    }

    // A card that is split has a node for each part, all with the card's bus address
    private static List<uint> FindGpuIds(string nodes, DrmCard card, KernelReader files)
    {
        var ids = new List<uint>();
        using var numbers = new NumberedEntries(nodes);
        while (numbers.MoveNext())
        {
            var node = $"{nodes}/{numbers.Current}";
            var properties = files.Text(KernelFile.At(node, "properties")) ?? "";
            if (IsOf(card, properties) && uint.TryParse(files.Text(KernelFile.At(node, "gpu_id")), out var id) && id > 0)
                ids.Add(id);
        }
        return ids;
    }

    private static bool IsOf(DrmCard card, string properties)
    {
        var minor = Property(properties, "drm_render_minor");
        return (minor > 0 && minor == card.RenderMinor)
            || (Property(properties, "location_id") is > 0 and var location && Property(properties, "domain") is { } domain
                && card.BusId == string.Create(CultureInfo.InvariantCulture,
                    $"{domain:x4}:{location >> 8 & 0xff:x2}:{location >> 3 & 0x1f:x2}.{location & 7}"));
    }

    // "drm_render_minor 128"
    private static long? Property(string properties, string name)
    {
        foreach (var line in properties.Split('\n'))
            if (line.Split(' ') is [var key, var value] && key == name && long.TryParse(value, out var number))
                return number;
        return null;
    }
}
