using GpuPlatform.Collector.Capacity;

namespace GpuPlatform.Tests.Collector.Capacity;

public sealed class MemoryTrendTests
{
    private static readonly DateTimeOffset Begin = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Memory_that_grows_steadily_has_its_slope()
    {
        var trend = new MemoryTrend();
        for (var second = 0; second <= 120; second += 2) trend.Note(Begin.AddSeconds(second), 1_000_000 + second * 1000L);

        Assert.Equal(60_000, trend.PerMinute()!.Value, 1e-3);
    }

    [Fact]
    public void Two_readings_are_no_trend_and_what_lies_back_more_than_five_minutes_is_forgotten()
    {
        var trend = new MemoryTrend();
        trend.Note(Begin, 0);
        trend.Note(Begin.AddSeconds(10), 1 << 20);
        Assert.Null(trend.PerMinute());

        for (var second = 20; second <= 400; second += 10) trend.Note(Begin.AddSeconds(second), 1 << 20);

        Assert.Equal(0, trend.PerMinute());
    }

    [Fact]
    public void A_clock_that_is_set_back_begins_anew()
    {
        var trend = new MemoryTrend();
        for (var second = 0; second <= 100; second += 10) trend.Note(Begin.AddSeconds(second), second * 1000L);
        for (var second = 0; second <= 100; second += 10) trend.Note(Begin.AddHours(-1).AddSeconds(second), 5);

        Assert.Equal(0, trend.PerMinute());
    }
}
