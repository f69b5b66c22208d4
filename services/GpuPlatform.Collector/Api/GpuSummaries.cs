using System.Globalization;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Api;

/// <summary>All GPUs in one figure each, and in a sentence.</summary>
internal static class GpuSummaries
{
    private const long BytesPerMebibyte = 1 << 20;
    private const double BytesPerGibibyte = 1 << 30;

    public static GpuSummary Of(IReadOnlyList<GpuView> views, string? unavailableReason)
    {
        var totals = GpuTotals.Of(views);
        var throttling = views.Select(Throttling).OfType<GpuThrottling>().ToList();
        var lists = views.Select(view => view.Processes).OfType<IReadOnlyList<GpuProcessUsage>>().ToList();
        return new GpuSummary
        {
            Text = unavailableReason is { } reason ? $"No GPU can be read: {reason}." : Sentence(views, totals, throttling),
            Count = views.Count,
            States = new GpuStateCounts(
                Count(views, GpuState.Active), Count(views, GpuState.Sleeping), Count(views, GpuState.Failing), Count(views, GpuState.Lost), Count(views, GpuState.Stalled)),
            AverageUtilizationPercent = totals.UtilizationPercent,
            HighestUtilizationPercent = totals.HighestUtilizationPercent,
            TotalMemoryMb = totals.MemoryTotalBytes / BytesPerMebibyte,
            UsedMemoryMb = totals.MemoryUsedBytes / BytesPerMebibyte,
            FreeMemoryMb = totals.MemoryFreeBytes / BytesPerMebibyte,
            PowerWatts = totals.PowerWatts,
            PowerLimitWatts = totals.PowerLimitWatts,
            Hottest = totals.Hottest is { TemperatureCelsius: { } celsius } gpu ? new GpuTemperature(gpu.Index, gpu.Uuid, gpu.Name, celsius) : null,
            Throttling = throttling,
            ProcessCount = lists.Count == 0 ? null : lists.SelectMany(list => list).DistinctBy(process => (process.Pid, process.StartedAt)).Count(),
        };
    }

    private static int Count(IReadOnlyList<GpuView> views, GpuState state) => views.Count(view => view.Sample.State == state);

    // Low clocks of an idle GPU, and clocks somebody set, slow nothing down that wants to run
    private static GpuThrottling? Throttling(GpuView view) =>
        view.Details?.ThrottleReasons?.Where(reason => reason is not (GpuThrottleReason.Idle or GpuThrottleReason.ApplicationClocks or GpuThrottleReason.DisplayClocks
            or GpuThrottleReason.Unknown)).ToList() is { Count: > 0 } reasons
            ? new GpuThrottling(view.Sample.Index, view.Sample.Uuid, view.Sample.Name, reasons)
            : null;

    private static string Sentence(IReadOnlyList<GpuView> views, GpuTotals totals, List<GpuThrottling> throttling)
    {
        if (views.Count == 0)
            return "This host has no GPU.";
        var states = views.GroupBy(view => view.Sample.State).OrderBy(group => group.Key).Select(group => $"{group.Count()} {WireName(group.Key)}");
        var parts = new[]
        {
            Say($"{totals.UtilizationPercent:F0} % busy on average", totals.UtilizationPercent),
            Say($"{totals.MemoryUsedBytes / BytesPerGibibyte:F1} of {totals.MemoryTotalBytes / BytesPerGibibyte:F1} GiB in use", totals.MemoryUsedBytes + totals.MemoryTotalBytes),
            Say($"{totals.PowerWatts:F0} W", totals.PowerWatts),
            Say($"hottest is GPU {totals.Hottest?.Index} at {totals.Hottest?.TemperatureCelsius:F0} °C", totals.Hottest?.TemperatureCelsius),
        }.OfType<string>().ToList();
        var text = $"{views.Count} {(views.Count == 1 ? "GPU" : "GPUs")} ({string.Join(", ", states)})";
        text += parts.Count > 0 ? $": {string.Join(", ", parts)}." : ".";
        return text + string.Concat(throttling.Select(gpu => $" GPU {gpu.Index} is held back by {string.Join(" and ", gpu.Reasons.Select(Words))}."));
    }

    private static string? Say(FormattableString words, double? known) => known is null ? null : words.ToString(CultureInfo.InvariantCulture);

    private static string WireName(GpuState state) => state.ToString().ToLowerInvariant();

    private static string Words(GpuThrottleReason reason) => reason switch
    {
        GpuThrottleReason.PowerLimit => "its power limit",
        GpuThrottleReason.HardwareSlowdown => "its hardware's protection",
        GpuThrottleReason.SyncBoost => "the slowest GPU of its group",
        GpuThrottleReason.SoftwareThermal or GpuThrottleReason.HardwareThermal => "heat",
        _ => "its power supply",
    };
}
