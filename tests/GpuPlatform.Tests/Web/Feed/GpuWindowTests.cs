using GpuPlatform.Web.Feed;
using static GpuPlatform.Tests.Web.Snapshots;

namespace GpuPlatform.Tests.Web.Feed;

public sealed class GpuWindowTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(2);
    private readonly GpuWindow _window = new();

    [Fact]
    public void Repeated_and_overtaken_readings_add_nothing()
    {
        Assert.True(_window.Add(At(-4), Noon));
        Assert.False(_window.Add(At(-4), Noon));
        Assert.False(_window.Add(At(-6), Noon));
        Assert.True(_window.Add(At(-2), Noon));

        Assert.Equal(2, _window.Readings.Count);
    }

    [Fact]
    public void Readings_leave_after_ten_minutes()
    {
        _window.Add(At(0), Noon);
        _window.Add(At(599), Noon.AddSeconds(599));
        _window.Add(At(601), Noon.AddSeconds(601));

        Assert.Equal([Noon.AddSeconds(599), Noon.AddSeconds(601)], _window.Readings.Select(reading => reading.At));
    }

    [Fact]
    public void Reading_from_a_wild_clock_pushes_nothing_out()
    {
        _window.Add(At(-2), Noon);

        Assert.False(_window.Add(new GpuReading(DateTimeOffset.MaxValue, 1, null, null, null), Noon));
        Assert.False(_window.Add(new GpuReading(DateTimeOffset.MinValue, 1, null, null, null), Noon));
        Assert.Single(_window.Readings);
    }

    [Fact]
    public void Backfill_heals_the_gap_and_leaves_live_readings_alone()
    {
        foreach (var second in new[] { -20, -18, -4, -2 }) _window.Add(At(second, 1), Noon);

        Assert.True(_window.Backfill(Enumerable.Range(1, 10).Reverse().Select(i => At(-2 * i - 0.5, 2)), Step, Noon));

        Assert.Equal(_window.Readings.OrderBy(reading => reading.At), _window.Readings);
        Assert.Equal(4, _window.Readings.Count(reading => reading.UtilizationPercent == 1));
        Assert.Equal([-16.5, -14.5, -12.5, -10.5, -8.5, -6.5],
            _window.Readings.Where(reading => reading.UtilizationPercent == 2).Select(reading => (reading.At - Noon).TotalSeconds));
        Assert.False(_window.Backfill(Enumerable.Range(1, 10).Select(i => At(-2 * i - 0.5, 2)), Step, Noon));
    }

    [Fact]
    public void Step_is_the_wider_of_what_history_says_and_what_is_usual()
    {
        Assert.Equal(Step, _window.Step);
        _window.Backfill([], TimeSpan.FromSeconds(5), Noon);
        Assert.Equal(TimeSpan.FromSeconds(5), _window.Step);
        foreach (var second in new[] { -40, -30, -20, -10 }) _window.Add(At(second), Noon);
        Assert.Equal(TimeSpan.FromSeconds(10), _window.Step);
    }

    private static GpuReading At(double second, double value = 1) => new(Noon.AddSeconds(second), value, null, null, null);
}
