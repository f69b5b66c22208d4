using GpuPlatform.Web.Feed;
using GpuPlatform.Web.Readings;
using static GpuPlatform.Tests.Web.Snapshots;

namespace GpuPlatform.Tests.Web.Readings;

public sealed class ChartSeriesTests
{
    private static readonly double Start = Noon.ToUnixTimeSeconds();

    [Fact]
    public void Missing_samples_break_the_line_and_late_ones_do_not()
    {
        var series = Series((0, 10), (2, 20), (5, 30), (8.5, 40));

        Assert.Equal([0d, 2, 5, 7, 8.5], series.Times.Select(at => Math.Round(at - Start, 3)));
        Assert.Equal([10d, 20, 30, null, 40], series.Values);
    }

    [Fact]
    public void Reading_without_a_value_is_null_and_not_zero() => Assert.Equal([0d, null, 2], Series((0, 0), (2, null), (4, 2)).Values);

    [Fact]
    public void Tail_holds_only_what_is_newer()
    {
        var tail = Series((0, 1), (2, 2), (4, 3)).After(Start + 2);

        Assert.Equal([Start + 4], tail.Times);
        Assert.Equal([3d], tail.Values);
        Assert.Empty(Series((0, 1)).After(Start).Times);
    }

    [Fact]
    public void Words_for_the_line_say_now_lowest_and_highest()
    {
        Assert.Equal("RTX 4090: now 30 %, between 10 % and 50 %", Series((0, 10), (2, 50), (4, 30)).Describe(Metric.Utilization));
        Assert.Equal("RTX 4090: now not reported, between 10 % and 10 %", Series((0, 10), (2, null)).Describe(Metric.Utilization));
        Assert.Equal("RTX 4090: not reported", Series((0, null)).Describe(Metric.Utilization));
    }

    private static ChartSeries Series(params (double Second, double? Value)[] readings) => ChartSeries.From(
        new GpuLine("desk", "GPU-a", "RTX 4090", 0,
            [.. readings.Select(each => new GpuReading(Noon.AddSeconds(each.Second), each.Value, null, null, null))], TimeSpan.FromSeconds(2)),
        Metric.Utilization, "RTX 4090", 0);
}
