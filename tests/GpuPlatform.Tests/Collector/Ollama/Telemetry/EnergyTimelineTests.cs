using GpuPlatform.Collector.Ollama.Telemetry;

namespace GpuPlatform.Tests.Collector.Ollama.Telemetry;

public sealed class EnergyTimelineTests
{
    private const long Second = 1000;
    private readonly EnergyTimeline _line = new(frequency: Second, longestGap: 10 * Second, leastSpacing: Second);

    [Fact]
    public void Power_is_integrated_by_trapezoids_and_interpolated_between_samples()
    {
        _line.Add(0, 100, null, false);
        _line.Add(2 * Second, 200, null, false);
        _line.Add(4 * Second, 200, null, false);
        Assert.Equal(300, _line.Between(0, 2 * Second)!.Value, 6);
        Assert.Equal(700, _line.Between(0, 4 * Second)!.Value, 6);
        // 50 ms of the second interval
        Assert.Equal(10, _line.Between(3000, 3050)!.Value, 6);
    }

    [Fact]
    public void The_counter_is_believed_before_the_power_unless_it_ran_backwards_or_jumped()
    {
        _line.Add(0, 100, 5000, false);
        _line.Add(2 * Second, 100, 5500, false);
        Assert.Equal(500, _line.Between(0, 2 * Second)!.Value, 6);
        _line.Add(4 * Second, 100, 3, false);
        Assert.Equal(200, _line.Between(2 * Second, 4 * Second)!.Value, 6);
        _line.Add(6 * Second, 100, 1e12, false);
        Assert.Equal(200, _line.Between(4 * Second, 6 * Second)!.Value, 6);
    }

    [Fact]
    public void Time_without_a_reading_is_unknown_and_time_outside_of_the_samples_too()
    {
        _line.Add(0, 100, null, false);
        _line.Add(2 * Second, null, null, false);
        _line.Add(4 * Second, 100, null, false);
        _line.Add(6 * Second, 100, null, false);
        _line.Add(17 * Second, 100, null, false);
        Assert.Null(_line.Between(0, 2 * Second));
        Assert.Null(_line.Between(3 * Second, 5 * Second));
        Assert.Equal(200, _line.Between(4 * Second, 6 * Second)!.Value, 6);
        Assert.Null(_line.Between(6 * Second, 8 * Second));
        Assert.Null(_line.Between(-1, 0));
        Assert.Null(_line.Between(17 * Second, 17 * Second + 1));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-5)]
    [InlineData(1e9)]
    public void A_power_that_no_board_has_is_none(double watts)
    {
        _line.Add(0, watts, null, true);
        _line.Add(2 * Second, watts, null, true);
        Assert.Null(_line.Between(0, 2 * Second));
        Assert.Null(_line.IdleWatts);
    }

    [Fact]
    public void A_day_of_samples_takes_bounded_room_and_old_sums_stay_exact()
    {
        for (var i = 0; i <= 43_200; i++) _line.Add(i * 2 * Second, i % 2 == 0 ? 50 : 150, null, false);
        Assert.True(_line.Count <= EnergyTimeline.Capacity);
        Assert.Equal(86_400 * 100.0, _line.Between(0, 86_400 * Second)!.Value, 3);
        // Of the last quarter of an hour every sample is there: 100 W, then a half interval on the way from 50 W
        Assert.Equal(2000, _line.Between((86_400 - 900) * Second, (86_400 - 880) * Second)!.Value, 3);
    }

    [Fact]
    public void Samples_that_somebody_asks_for_between_the_ticks_push_nothing_out()
    {
        for (var i = 0; i < 100_000; i++) _line.Add(i, 100, null, false);
        Assert.InRange(_line.Count, 90, 210);
        Assert.Equal(9900, _line.Between(0, 99 * Second)!.Value, 6);
    }

    [Fact]
    public void Idle_is_the_lowest_power_without_requests_of_the_last_half_hours()
    {
        _line.Add(0, 90, null, false);
        _line.Add(2 * Second, 10, null, false);
        Assert.Null(_line.IdleWatts);
        _line.Add(4 * Second, 30, null, true);
        _line.Add(6 * Second, 40, null, true);
        // (10 + 30) ÷ 2, then (30 + 40) ÷ 2
        Assert.Equal(20, _line.IdleWatts!.Value, 6);
        for (var at = 8L; at < 7200; at += 2) _line.Add(at * Second, 40, null, true);
        Assert.Equal(40, _line.IdleWatts!.Value, 6);
    }
}
