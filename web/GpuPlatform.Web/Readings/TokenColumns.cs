using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Readings;

/// <summary>One layer of the columns; its values stand beside <see cref="TokenColumns.Times"/>.</summary>
/// <param name="Label">What it is called.</param>
/// <param name="Color">Which of the series' colours it has.</param>
/// <param name="Values">One for each time.</param>
/// <param name="Kind">Key of a kind of work whose colour it has instead.</param>
public sealed record StackLayer(string Label, int Color, IReadOnlyList<double> Values, string? Kind = null);

/// <summary>Columns over time, stacked: the largest names each for themselves, the rest together.</summary>
public sealed record TokenColumns(double From, double To, int StepSeconds, string Unit, IReadOnlyList<double> Times, IReadOnlyList<StackLayer> Layers)
{
    private const int Named = 7;
    public const string Others = "all others";

    public static TokenColumns Of(LlmUsage usage, StackMeasure measure, Func<LlmUsagePoint, string> name)
    {
        var times = usage.Series.Select(point => ChartSeries.Seconds(point.At)).Distinct().Order().ToList();
        var column = times.Index().ToDictionary(time => time.Item, time => time.Index);
        var layers = usage.Series.GroupBy(name, StringComparer.Ordinal)
            .Select(group => (Name: group.Key, Sum: group.Sum(point => (double)measure.Value(point)), Points: group.AsEnumerable()))
            .Where(group => group.Sum > 0)
            .OrderByDescending(group => group.Sum).ThenBy(group => group.Name, StringComparer.Ordinal).ToList();
        // Eight are shown by name when they are exactly eight: a rest of one would be no shorter
        var named = layers.Count <= Named + 1 ? layers.Count : Named;
        var all = layers.Take(named).Select((layer, i) => Layer(layer.Name, i, layer.Points)).ToList();
        if (layers.Count > named) all.Add(Layer(Others, Named, layers.Skip(named).SelectMany(layer => layer.Points)));
        return new TokenColumns(ChartSeries.Seconds(usage.From), ChartSeries.Seconds(usage.To), Math.Max(1, usage.StepSeconds), measure.Unit, times, all);

        StackLayer Layer(string label, int color, IEnumerable<LlmUsagePoint> points)
        {
            var values = new double[times.Count];
            foreach (var point in points) values[column[ChartSeries.Seconds(point.At)]] += measure.Value(point);
            return new StackLayer(label, color, values);
        }
    }

    /// <summary>The chart in words, for those who do not see it.</summary>
    public string Describe(Func<double, string>? words = null) => Layers.Count == 0
        ? "nothing"
        : string.Join("; ", Layers.Select(layer => $"{layer.Label}: {words?.Invoke(layer.Values.Sum()) ?? $"{LlmFigure.Short((long)layer.Values.Sum())} {Unit}"}"));
}
