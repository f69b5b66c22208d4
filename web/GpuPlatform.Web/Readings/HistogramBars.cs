using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Readings;

/// <summary>One bar: what lies in it, how many, and its height as a share of the tallest.</summary>
public sealed record HistogramBar(string Range, string? UpTo, long Count, double Percent, double Height);

/// <summary>The bars of a distribution, without the empty ones at both ends.</summary>
internal static class HistogramBars
{
    public static IReadOnlyList<HistogramBar> Of(LlmDistribution distribution)
    {
        var (counts, bounds) = (distribution.Counts, distribution.UpperBoundsMs);
        var total = counts.Sum(count => (double)Math.Max(0, count));
        if (total <= 0) return [];
        var filled = counts.Index().Where(each => each.Item > 0).Select(each => each.Index).ToList();
        // A neighbour on each side shows where the values end
        var (first, last) = (Math.Max(0, filled[0] - 1), Math.Min(counts.Count - 1, filled[^1] + 1));
        var tallest = (double)counts.Max();
        return
        [
            .. from i in Enumerable.Range(first, last - first + 1)
               let count = Math.Max(0, counts[i])
               select new HistogramBar(Range(bounds, i), i < bounds.Count ? LlmFigure.Bound(bounds[i]) : null, count, count / total * 100, count / tallest * 100),
        ];
    }

    private static string Range(IReadOnlyList<double> bounds, int i) =>
        i == 0 ? bounds.Count == 0 ? "any" : $"up to {LlmFigure.Bound(bounds[0])}"
        : i == bounds.Count ? $"more than {LlmFigure.Bound(bounds[^1])}"
        : $"{LlmFigure.Bound(bounds[i - 1])} to {LlmFigure.Bound(bounds[i])}";
}
