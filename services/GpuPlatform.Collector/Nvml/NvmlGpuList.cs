using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Collector.Nvml;

/// <summary>Whole GPUs and, behind them, their instances as one list; another list when one came or went.</summary>
internal sealed class NvmlGpuList
{
    private readonly List<IReadOnlyList<MigInstance>> _merged = [];
    private IReadOnlyList<NvmlSeat>? _seats;

    public IReadOnlyList<IGpu> Current { get; private set; } = [];

    /// <summary>Takes note of what has changed; cheap when nothing has.</summary>
    public void Update(IReadOnlyList<NvmlSeat> seats)
    {
        if (!IsCurrent(seats))
            Merge(seats);
    }

    private bool IsCurrent(IReadOnlyList<NvmlSeat> seats)
    {
        if (!ReferenceEquals(seats, _seats))
            return false;
        for (var i = 0; i < seats.Count; i++)
            if (!ReferenceEquals(seats[i].Instances, _merged[i]))
                return false;
        return true;
    }

    private void Merge(IReadOnlyList<NvmlSeat> seats)
    {
        _seats = seats;
        _merged.Clear();
        _merged.AddRange(seats.Select(seat => seat.Instances));
        List<IGpu> list = [.. seats];
        var index = seats.Count == 0 ? 0 : seats.Max(seat => seat.Identity.Index) + 1;
        foreach (var instance in _merged.SelectMany(instances => instances))
        {
            instance.Number(index++);
            list.Add(instance);
        }
        Current = list;
    }
}
