using GpuPlatform.Web.Feed;

namespace GpuPlatform.Web.Readings;

/// <summary>One line of a chart as numbers: seconds since the epoch, and values with null where the line is broken.</summary>
public sealed record ChartSeries(string Key, string Label, int Color, IReadOnlyList<double> Times, IReadOnlyList<double?> Values)
{
    /// <summary>
    /// Two readings further apart than this many steps have a gap between them. More than one, because a reader of the live feed may be
    /// handed the newer of two readings only: one that is missing is not yet a gap, two are.
    /// </summary>
    public const double GapSteps = 1.5;

    /// <summary>True when its node is silent: the last point is not how things are now.</summary>
    public bool Stale { get; init; }

    /// <summary>Draws <paramref name="line"/>; where samples are missing a null point breaks it.</summary>
    public static ChartSeries From(GpuLine line, Metric metric, string label, int color)
    {
        var times = new List<double>(line.Readings.Count + 8);
        var values = new List<double?>(line.Readings.Count + 8);
        DateTimeOffset? previous = null;
        foreach (var reading in line.Readings)
        {
            if (previous is { } before && reading.At - before > line.Step * GapSteps)
            {
                times.Add(Seconds(before + line.Step));
                values.Add(null);
            }
            times.Add(Seconds(reading.At));
            values.Add(metric.Value(reading) is { } value && double.IsFinite(value) ? Math.Round(value, 3) : null);
            previous = reading.At;
        }
        return new ChartSeries(line.NodeId + "/" + line.Uuid, label, color, times, values);
    }

    /// <summary>Draws one request's rate.</summary>
    public static ChartSeries From(Guid requestId, IReadOnlyList<RatePoint> points) => new(
        requestId.ToString(), Measure.TokenRate.Label, 0, [.. points.Select(point => Seconds(point.At))],
        [.. points.Select(point => point.TokensPerSecond is { } rate && double.IsFinite(rate) ? Math.Round(rate, 1) : (double?)null)]);

    /// <summary>The points after <paramref name="seconds"/>.</summary>
    public ChartSeries After(double seconds)
    {
        var first = Times.Count;
        while (first > 0 && Times[first - 1] > seconds) first--;
        return this with { Times = [.. Times.Skip(first)], Values = [.. Values.Skip(first)] };
    }

    /// <summary>The line in words, for those who do not see it.</summary>
    public string Describe(Measure metric)
    {
        var known = Values.Where(value => value is not null).Select(value => value!.Value).ToList();
        return known.Count == 0
            ? $"{Label}: not reported"
            : $"{Label}: "
                + $"{(Stale ? "last" : "now")} {Text(Values[^1], metric)}, between {Text(known.Min(), metric)} and {Text(known.Max(), metric)}";
    }

    public static double Seconds(DateTimeOffset at) => at.ToUnixTimeMilliseconds() / 1000d;

    private static string Text(double? value, Measure metric) =>
        value is { } number ? $"{Quantity.Plain(Math.Round(number, metric.Decimals))} {metric.Unit}" : "not reported";
}
