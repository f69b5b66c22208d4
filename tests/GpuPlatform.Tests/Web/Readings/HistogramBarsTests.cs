using GpuPlatform.Web.Readings;
using static GpuPlatform.Tests.Web.LlmSnapshots;

namespace GpuPlatform.Tests.Web.Readings;

public sealed class HistogramBarsTests
{
    [Fact]
    public void Empty_buckets_at_both_ends_are_left_out_but_for_one()
    {
        var bars = HistogramBars.Of(Distribution([1, 2, 3, 4, 5], [0, 0, 6, 3, 0, 0]));

        Assert.Equal(["1 ms to 2 ms", "2 ms to 3 ms", "3 ms to 4 ms", "4 ms to 5 ms"], bars.Select(bar => bar.Range));
        Assert.Equal([(0L, 0d), (6, 100), (3, 50), (0, 0)], bars.Select(bar => (bar.Count, bar.Height)));
        Assert.Equal(600 / 9d, bars[1].Percent, 6);
    }

    [Fact]
    public void The_first_and_the_last_bucket_say_that_they_are_open()
    {
        var bars = HistogramBars.Of(Distribution([10, 2000], [1, 0, 1]));

        Assert.Equal(["up to 10 ms", "10 ms to 2 s", "more than 2 s"], bars.Select(bar => bar.Range));
        Assert.Null(bars[^1].UpTo);
    }

    [Fact]
    public void Nothing_has_no_bars() => Assert.Empty(HistogramBars.Of(Distribution([10], [0, 0])));
}
