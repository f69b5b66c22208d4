using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Readings;

/// <summary>Device memory of one kind of work.</summary>
public readonly record struct KindShare(WorkloadKind? Kind, long Bytes, double Percent);

/// <summary>Device memory that processes hold, by kind of work, largest first.</summary>
internal static class MemoryByKind
{
    // Smaller moves cannot be seen in a ring of this size, and redrawing it costs far more than looking at it
    public const double NoticeablePercentagePoints = 2;

    public static IReadOnlyList<KindShare> Of(IEnumerable<GpuProcess> processes)
    {
        var sums = processes.Where(process => process.MemoryUsedBytes > 0)
            .GroupBy(process => process.Kind)
            .Select(group => (Kind: group.Key, Bytes: group.Aggregate(0L, (sum, process) => SaturatingAdd(sum, process.MemoryUsedBytes!.Value))))
            .OrderByDescending(sum => sum.Bytes).ThenBy(sum => KindLabel.Of(sum.Kind), StringComparer.Ordinal)
            .ToList();
        var total = sums.Sum(sum => (double)sum.Bytes);
        return [.. sums.Select(sum => new KindShare(sum.Kind, sum.Bytes, sum.Bytes / total * 100))];
    }

    /// <summary>True when the kinds differ or a share moved far enough to be seen.</summary>
    public static bool DiffersNoticeably(IReadOnlyList<KindShare> drawn, IReadOnlyList<KindShare> current)
    {
        if (drawn.Count != current.Count) return true;
        foreach (var share in current)
        {
            var before = drawn.Where(other => other.Kind == share.Kind).Select(other => (double?)other.Percent).FirstOrDefault();
            if (before is null || Math.Abs(before.Value - share.Percent) >= NoticeablePercentagePoints) return true;
        }
        return false;
    }

    private static long SaturatingAdd(long left, long right) => left > long.MaxValue - right ? long.MaxValue : left + right;
}
