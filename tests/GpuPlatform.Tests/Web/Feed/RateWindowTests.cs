using GpuPlatform.Web.Feed;
using static GpuPlatform.Tests.Web.LlmSnapshots;
using static GpuPlatform.Tests.Web.Snapshots;

namespace GpuPlatform.Tests.Web.Feed;

public sealed class RateWindowTests
{
    private static readonly Guid Id = Guid.NewGuid();
    private readonly RateWindow _window = new();

    [Fact]
    public void A_request_keeps_its_rates_of_the_last_minute_and_a_rate_that_is_not_known_stays_null()
    {
        for (var second = 0; second <= 90; second++) Take(second, second < 40 ? null : second);

        var line = _window.Lines()[("desk", Id)];
        Assert.Equal((30, 90, 61), ((line[0].At - Noon).TotalSeconds, (line[^1].At - Noon).TotalSeconds, line.Count));
        Assert.Equal([null, 40], line.Where(point => point.At == Noon.AddSeconds(39) || point.At == Noon.AddSeconds(40)).Select(point => point.TokensPerSecond));
    }

    [Fact]
    public void The_same_look_in_a_second_event_adds_nothing()
    {
        Take(0, 10);
        Take(0, 10);

        Assert.Single(_window.Lines()[("desk", Id)]);
    }

    [Fact]
    public void A_request_that_has_ended_is_forgotten()
    {
        Take(0, 10);
        _window.Take("desk", Activity(Noon.AddSeconds(1), Running()));
        Assert.DoesNotContain(("desk", Id), _window.Lines().Keys);

        _window.Take("desk", null);
        Assert.Equal(0, _window.Count);
    }

    [Fact]
    public void Requests_of_a_node_that_is_gone_are_forgotten_and_those_of_another_stay()
    {
        Take(0, 10);
        _window.Take("attic", Activity(Noon, Running(id: Id)));

        _window.KeepOnly(new HashSet<string> { "attic" });

        Assert.Equal(("attic", Id), Assert.Single(_window.Lines()).Key);
    }

    [Fact]
    public void A_clock_that_was_set_back_leaves_no_point_of_the_future()
    {
        Take(100, 10);
        Take(5, 20);

        Assert.Equal(Noon.AddSeconds(5), Assert.Single(_window.Lines()[("desk", Id)]).At);
    }

    private void Take(int second, double? rate) => _window.Take("desk", Activity(Noon.AddSeconds(second), Running(rate: rate, id: Id)));
}
