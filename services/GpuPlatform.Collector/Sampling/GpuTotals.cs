using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Sampling;

/// <summary>Several GPUs in one figure each. Null where none of them said it.</summary>
internal sealed record GpuTotals
{
    /// <summary>Mean of those that said it; an instance counts as a GPU because the board it is part of says nothing.</summary>
    public double? UtilizationPercent { get; private init; }

    public double? HighestUtilizationPercent { get; private init; }

    /// <summary>Memory of whole GPUs, and memory they share with the host once, however many share it.</summary>
    public long? MemoryTotalBytes { get; private init; }

    public long? MemoryUsedBytes { get; private init; }

    public long? MemoryFreeBytes { get; private init; }

    public double? PowerWatts { get; private init; }

    public double? PowerLimitWatts { get; private init; }

    public GpuSample? Hottest { get; private init; }

    public static GpuTotals Of(IReadOnlyList<GpuView> views)
    {
        var active = views.Select(view => view.Sample).Where(gpu => gpu.State == GpuState.Active).ToList();
        var whole = active.Where(gpu => gpu.ParentUuid is null).ToList();
        var owners = whole.Where(gpu => !gpu.MemoryIsShared).Concat(whole.Where(gpu => gpu.MemoryIsShared).Take(1)).ToList();
        return new GpuTotals
        {
            UtilizationPercent = active.Average(gpu => gpu.UtilizationPercent),
            HighestUtilizationPercent = active.Max(gpu => gpu.UtilizationPercent),
            MemoryTotalBytes = Sum(owners, gpu => gpu.MemoryTotalBytes),
            MemoryUsedBytes = Sum(owners, gpu => gpu.MemoryUsedBytes),
            MemoryFreeBytes = Sum(owners, gpu => gpu.MemoryFreeBytes),
            PowerWatts = Sum(whole, gpu => gpu.PowerWatts),
            PowerLimitWatts = Sum(whole, gpu => gpu.PowerLimitWatts),
            Hottest = whole.Where(gpu => gpu.TemperatureCelsius is not null).MaxBy(gpu => gpu.TemperatureCelsius),
        };
    }

    private static T? Sum<T>(List<GpuSample> gpus, Func<GpuSample, T?> value) where T : struct, System.Numerics.INumber<T>
    {
        var known = gpus.Select(value).OfType<T>().ToList();
        return known.Count == 0 ? null : known.Aggregate((sum, next) => sum + next);
    }
}
