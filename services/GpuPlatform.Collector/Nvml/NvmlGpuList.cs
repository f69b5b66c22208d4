using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Collector.Nvml;

/// <summary>Whole GPUs and, behind them, their instances as one list; another list when one came or went.</summary>
internal sealed class NvmlGpuList
{
    private readonly List<IReadOnlyList<MigInstance>> _merged = [];

    public IReadOnlyList<IGpu> Current { get; private set; } = [];

    /// <summary>Takes note of what has changed; cheap when nothing has.</summary>
    public void Update(IReadOnlyList<NvmlGpu> gpus)
    {
        if (!IsCurrent(gpus))
            Merge(gpus);
    }

    private bool IsCurrent(IReadOnlyList<NvmlGpu> gpus)
    {
        if (gpus.Count != _merged.Count)
            return false;
        for (var i = 0; i < gpus.Count; i++)
            if (!ReferenceEquals(gpus[i].Instances, _merged[i]))
                return false;
        return true;
    }

    private void Merge(IReadOnlyList<NvmlGpu> gpus)
    {
        _merged.Clear();
        _merged.AddRange(gpus.Select(gpu => gpu.Instances));
        List<IGpu> list = [.. gpus];
        var index = gpus.Count == 0 ? 0 : gpus.Max(gpu => gpu.Identity.Index) + 1;
        foreach (var instance in _merged.SelectMany(instances => instances))
        {
            instance.Number(index++);
            list.Add(instance);
        }
        Current = list;
    }
}
