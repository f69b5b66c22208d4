using System.Globalization;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Capacity;

/// <summary>Says where so much memory is to be had. Pure.</summary>
internal static class Placement
{
    private const double BytesPerGibibyte = 1 << 30;

    /// <param name="gpus">The GPUs of the host.</param>
    /// <param name="neededBytes">How much.</param>
    /// <param name="residentOn">UUIDs of the GPUs on which it is already; null when it is nowhere.</param>
    public static List<GpuPlacement> Of(IReadOnlyList<GpuCapacity> gpus, long neededBytes, IReadOnlyCollection<string>? residentOn) =>
    [
        .. gpus
            .Select(gpu => (gpu, placement: residentOn?.Contains(gpu.GpuUuid) == true
                ? new GpuPlacement(gpu.GpuUuid, gpu.GpuIndex, PlacementFit.Resident, "it is in memory there")
                : OfOne(gpu, neededBytes)))
            // Of equals the one with the least to spare: what is large stays whole for what is large
            .OrderBy(pair => pair.placement.Fit).ThenBy(pair => pair.gpu.FreeBytes).ThenBy(pair => pair.gpu.GpuIndex)
            .Select(pair => pair.placement),
    ];

    /// <summary>The best of all GPUs, or of all of them together, in words.</summary>
    public static (PlacementFit Fit, string? GpuUuid, string Reason) Best(IReadOnlyList<GpuPlacement> placements, IReadOnlyList<GpuCapacity> gpus, long neededBytes)
    {
        if (placements is not [var first, ..]) return (PlacementFit.Unknown, null, "no GPU of this host answers");
        var together = Together(gpus, neededBytes);
        return together is { } fit && fit < first.Fit
            ? (fit, null, $"on no GPU alone, but split over {gpus.Count} GPUs it fits {Words(fit)}")
            : (first.Fit, first.Fit is PlacementFit.Never or PlacementFit.Unknown ? null : first.GpuUuid, $"GPU {first.GpuIndex}: {first.Reason}");
    }

    public static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / BytesPerGibibyte:0.0} GiB");

    private static GpuPlacement OfOne(GpuCapacity gpu, long needed)
    {
        var (fit, reason) = (gpu.TotalBytes, gpu.FreeBytes) switch
        {
            ({ } total, _) when needed > total => (PlacementFit.Never, $"{Size(needed)} are needed, it has {Size(total)} in all"),
            (_, null) => (PlacementFit.Unknown, "the driver does not say how much is free"),
            (_, { } free) when gpu.State is GuardState.Serving or GuardState.Warming && needed <= free => (PlacementFit.Now, $"{Size(needed)} are needed, {Size(free)} are free"),
            (_, { } free) when gpu.State is GuardState.Serving or GuardState.Warming && needed <= free + (gpu.ReclaimableBytes ?? 0) =>
                (PlacementFit.AfterUnloading, $"{Size(needed)} are needed, {Size(free)} are free and {Size(gpu.ReclaimableBytes ?? 0)} would be after unloading models"),
            (_, { } free) when gpu.State is not (GuardState.Serving or GuardState.Warming) => (PlacementFit.Later, $"it is not for models at the moment ({Wire(gpu.State)}); {Size(free)} are free"),
            (_, { } free) => (PlacementFit.Later, $"{Size(needed)} are needed, {Size(free)} are free and {Size(gpu.ReclaimableBytes ?? 0)} can be made free; others have the rest"),
        };
        return new GpuPlacement(gpu.GpuUuid, gpu.GpuIndex, fit, reason);
    }

    private static PlacementFit? Together(IReadOnlyList<GpuCapacity> gpus, long needed)
    {
        var serving = gpus.Where(gpu => gpu.State is GuardState.Serving or GuardState.Warming && gpu.FreeBytes is not null).ToList();
        if (serving.Count < 2) return null;
        var free = serving.Sum(gpu => gpu.FreeBytes!.Value);
        return needed <= free ? PlacementFit.Now
            : needed <= free + serving.Sum(gpu => gpu.ReclaimableBytes ?? 0) ? PlacementFit.AfterUnloading
            : null;
    }

    private static string Words(PlacementFit fit) => fit == PlacementFit.Now ? "now" : "after unloading models";

    private static string Wire(GuardState state) => state.ToString().ToLowerInvariant();
}
