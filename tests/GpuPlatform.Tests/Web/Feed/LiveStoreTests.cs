using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;
using GpuPlatform.Web.Feed;
using static GpuPlatform.Tests.Web.Snapshots;

namespace GpuPlatform.Tests.Web.Feed;

public sealed class LiveStoreTests
{
    private readonly ManualTimeProvider _time = new(Noon);
    private readonly LiveStore _store;

    public LiveStoreTests() => _store = new LiveStore(_time);

    [Fact]
    public void Events_update_the_snapshot_and_the_line()
    {
        _store.Apply(Node(Noon.AddSeconds(-2), Gpu(utilization: 10)));
        _store.Apply(Node(Noon, Gpu(utilization: 20)));

        Assert.Equal(20, Assert.Single(_store.State.Nodes).Gpus[0].UtilizationPercent);
        Assert.Equal([10d, 20], Assert.Single(_store.Lines()).Readings.Select(reading => reading.UtilizationPercent));
    }

    [Fact]
    public void Answer_that_was_overtaken_by_an_event_does_not_undo_it()
    {
        _store.Apply(Node(Noon, Gpu(utilization: 20)));
        _store.Reconcile(new RealtimeSnapshot { GeneratedAt = Noon, Nodes = [Node(Noon.AddSeconds(-2), Gpu(utilization: 10))] });

        Assert.Equal(20, Assert.Single(_store.State.Nodes).Gpus[0].UtilizationPercent);
    }

    [Fact]
    public void Host_whose_clock_was_set_back_is_still_followed()
    {
        _store.Apply(Node(Noon, Gpu(utilization: 20)));
        _store.Apply(Node(Noon.AddHours(-1), Gpu(utilization: 10)));

        Assert.Equal(10, Assert.Single(_store.State.Nodes).Gpus[0].UtilizationPercent);
    }

    [Fact]
    public void Backfilled_points_have_the_details_that_held_at_their_time()
    {
        _store.Apply(Node(Noon, Gpu()));
        _store.Backfill(new HistoricalSeries
        {
            From = Noon.AddMinutes(-5), To = Noon, StepSeconds = 10, DetailStepSeconds = 15, Hosts = [],
            Gpus =
            [
                new()
                {
                    NodeId = "desk", Uuid = "GPU-a", Name = "n", EnergyJoules = 7,
                    Points = [.. new[] { -200, -180, -170, -100 }.Select(second => new GpuPoint { At = Noon.AddSeconds(second) })],
                    Details = [new() { At = Noon.AddSeconds(-180), FanSpeedPercent = 40 }, new() { At = Noon.AddSeconds(-175), FanSpeedPercent = 50 }],
                },
            ],
        });

        Assert.Equal([null, 40d, 50, null, null], Assert.Single(_store.Lines()).Readings.Select(reading => reading.FanSpeedPercent));
    }

    [Fact]
    public void Energy_is_kept_of_those_that_count_it()
    {
        GpuSeries series = new() { NodeId = "desk", Uuid = "GPU-a", Name = "n", Points = [], EnergyJoules = 7 };
        _store.TakeEnergy(new HistoricalSeries { From = Noon, To = Noon, StepSeconds = 1, Hosts = [], Gpus = [series, series with { Uuid = "GPU-b", EnergyJoules = null }] });

        Assert.Equal([(("desk", "GPU-a"), 7d)], _store.State.EnergyJoules.Select(pair => (pair.Key, pair.Value)));
    }

    [Fact]
    public void Staleness_is_taken_from_history()
    {
        _store.Apply(Node(Noon, Gpu()));
        _store.Apply(Node(Noon, Gpu()) with { Stale = true });

        Assert.True(Assert.Single(_store.State.Nodes).Stale);
    }

    [Fact]
    public void Unreadable_events_are_counted_and_change_nothing_else()
    {
        _store.Apply(Node(Noon, Gpu()));
        _store.Apply(null);

        Assert.Equal(1, _store.State.MalformedEvents);
        Assert.Single(_store.State.Nodes);
    }

    [Fact]
    public void Node_that_history_no_longer_knows_is_gone()
    {
        _store.Apply(Node(Noon, Gpu()));
        _store.Apply(Node(Noon, Gpu()) with { NodeId = "laptop" });

        _store.Reconcile(new RealtimeSnapshot { GeneratedAt = Noon, Nodes = [Node(Noon, Gpu()), null!] });

        Assert.Equal("desk", Assert.Single(_store.State.Nodes).NodeId);
        Assert.Equal(1, _store.State.MalformedEvents);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1)]
    [InlineData(2)]
    public void Stored_points_are_filled_in_whatever_step_is_claimed(double stepSeconds)
    {
        _store.Apply(Node(Noon, Gpu()));
        var generation = _store.State.LinesGeneration;

        _store.Backfill(Series(stepSeconds, -60));
        Assert.Equal(2, Assert.Single(_store.Lines()).Readings.Count);
        Assert.Equal(generation + 1, _store.State.LinesGeneration);

        _store.Backfill(Series(stepSeconds, -60));
        Assert.Equal(generation + 1, _store.State.LinesGeneration);
    }

    [Fact]
    public async Task Notices_coalesce_so_that_nobody_waits_for_a_slow_reader()
    {
        using var slow = _store.Subscribe();
        for (var i = 0; i < 1000; i++) _store.Apply(Node(Noon.AddMilliseconds(i), Gpu()));

        Assert.True(await slow.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        var second = slow.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        Assert.False(second.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.False(await second);
    }

    [Fact]
    public void Subscription_that_is_disposed_leaves_nothing_behind()
    {
        _store.Subscribe().Dispose();

        Assert.Equal(0, _store.SubscriptionCount);
    }

    private static HistoricalSeries Series(double stepSeconds, double second) => new()
    {
        From = Noon.AddMinutes(-10),
        To = Noon,
        StepSeconds = stepSeconds,
        Gpus = [new GpuSeries { NodeId = "desk", Uuid = "GPU-a", Name = "x", Points = [new GpuPoint { At = Noon.AddSeconds(second), UtilizationPercent = 5 }] }],
        Hosts = [],
    };
}
