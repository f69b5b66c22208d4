using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Readings;

/// <summary>Kinds of work by hour as stacked columns; the largest lies at the bottom.</summary>
internal static class KindColumns
{
    private const int HourSeconds = 3600;

    /// <summary>The kinds of which the driver told nothing of that measure at any time: they are in no column, and that does not mean zero.</summary>
    public static IReadOnlyList<WorkloadKind?> Untold(KindUsage usage, KindMeasure measure) =>
        [.. usage.Hours.GroupBy(hour => hour.Kind).Where(kind => kind.All(hour => measure.Value(hour) is null)).Select(kind => kind.Key).Order()];

    public static TokenColumns Of(KindUsage usage, KindMeasure measure)
    {
        var times = usage.Hours.Select(hour => ChartSeries.Seconds(hour.Hour)).Distinct().Order().ToList();
        var column = times.Index().ToDictionary(time => time.Item, time => time.Index);
        var layers = usage.Hours.GroupBy(hour => hour.Kind).Select(kind =>
        {
            var values = new double[times.Count];
            foreach (var hour in kind) values[column[ChartSeries.Seconds(hour.Hour)]] += measure.Value(hour) ?? 0;
            return new StackLayer(KindLabel.Past(kind.Key), 0, values, KindLabel.Key(kind.Key));
        });
        return new TokenColumns(ChartSeries.Seconds(usage.From), ChartSeries.Seconds(usage.To), HourSeconds, measure.Unit, times,
            [.. layers.Where(layer => layer.Values.Sum() > 0).OrderByDescending(layer => layer.Values.Sum()).ThenBy(layer => layer.Label, StringComparer.Ordinal)]);
    }
}
