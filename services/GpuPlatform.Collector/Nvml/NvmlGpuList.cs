using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Collector.Nvml;

/// <summary>Whole GPUs and, behind them, their instances as one list; another list when one came or went.</summary>
internal sealed class NvmlGpuList
{
    private readonly List<IReadOnlyList<MigInstance>> _merged = [];
    private IReadOnlyList<NvmlSeat>? _seats;
    private IReadOnlyList<IGpu> _list = [];

    public IReadOnlyList<IGpu> Of(IReadOnlyList<NvmlSeat> seats)
    {
        if (!IsCurrent(seats))
            Merge(seats);
        return _list;
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
        _list = list;
    }
}
