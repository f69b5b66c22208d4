using GpuPlatform.Collector.Ollama.Telemetry;

namespace GpuPlatform.Tests.Collector.Ollama.Telemetry;

public sealed class EnergyClaimsTests
{
    private const long Second = 1000;
    private readonly EnergyTimeline _line = new(frequency: Second, longestGap: 100 * Second, leastSpacing: 1);
    private readonly EnergyClaims _claims = new();

    public EnergyClaimsTests()
    {
        // 20 W idle for ten seconds, then 100 W
        _line.Add(-12 * Second, 20, null, true);
        _line.Add(-2 * Second, 20, null, true);
        _line.Add(-1, 100, null, false);
        for (var at = 0; at <= 100; at += 2) _line.Add(at * Second, 100, null, false);
    }

    [Fact]
    public void A_request_alone_gets_the_board_over_its_time_and_is_told_the_idle_part()
    {
        var share = _claims.Take([Span(0, 4, 100), Span(4, 10, 50)], [], _line)!.Value;
        Assert.Equal(1000, share.Joules, 6);
        Assert.Equal(200, share.IdleJoules!.Value, 6);
    }

    [Fact]
    public void Where_requests_overlap_the_tokens_of_that_time_divide_the_board()
    {
        // First: 10 tokens/s over 0–10 s. Second: 30 tokens/s over 5–15 s. Together from 5 s to 10 s: 1 to 3
        var (first, second) = (Span(0, 10, 100), Span(5, 15, 300));
        var one = _claims.Take([first], [second], _line)!.Value;
        Assert.Equal(500 + 500 * 0.25, one.Joules, 6);
        Assert.Equal(100 + 100 * 0.25, one.IdleJoules!.Value, 6);
        var other = _claims.Take([second], [], _line)!.Value;
        Assert.Equal(500 * 0.75 + 500, other.Joules, 6);
        Assert.Equal(1500, one.Joules + other.Joules, 6);
    }

    [Fact]
    public void Of_three_that_end_at_different_times_none_of_the_energy_is_given_twice_or_lost()
    {
        WorkSpan a = Span(0, 20, 200), b = Span(4, 12, 500), c = Span(6, 30, 90);
        // Of c nothing is known when b ends: it is taken for as fast
        var total = _claims.Take([b], [a, c with { Tokens = null }], _line)!.Value.Joules;
        total += _claims.Take([a], [c], _line)!.Value.Joules;
        total += _claims.Take([c], [], _line)!.Value.Joules;
        Assert.Equal(3000, total, 6);
    }

    [Fact]
    public void Of_a_time_that_is_not_known_nothing_is_given()
    {
        Assert.Null(_claims.Take([Span(90, 101, 5)], [], _line));
        Assert.Equal(0, _claims.Count);
        Assert.Equal(1000, _claims.Take([Span(90, 100, 5)], [], _line)!.Value.Joules, 6);
    }

    [Fact]
    public void Without_an_idle_time_the_idle_part_is_not_known()
    {
        var line = new EnergyTimeline(Second, 100 * Second, 1);
        line.Add(0, 100, null, false);
        line.Add(10 * Second, 100, null, false);
        Assert.Equal(new EnergyShare(1000, null), _claims.Take([Span(0, 10, 1)], [], line));
    }

    [Fact]
    public void The_idle_part_is_never_more_than_the_whole()
    {
        for (var at = 102; at <= 110; at += 2) _line.Add(at * Second, 4, null, false);
        var share = _claims.Take([Span(104, 108, 1)], [], _line)!.Value;
        Assert.Equal((16, 16), (share.Joules, share.IdleJoules!.Value));
    }

    [Fact]
    public void What_nobody_can_touch_any_more_is_forgotten_and_a_flood_is_bounded()
    {
        for (var i = 0; i < 90; i++) _claims.Take([Span(i, i + 1, 1)], [], _line);
        _claims.ForgetBefore(80 * Second);
        Assert.InRange(_claims.Count, 10, 12);
        Assert.Equal(0, _claims.Take([Span(85, 90, 1)], [], _line)!.Value.Joules, 6);
        _claims.ForgetBefore(long.MaxValue);
        Assert.Equal(0, _claims.Count);
        for (var i = 0; i < EnergyClaims.Capacity * 2; i++) _claims.Take([new(i * 2, i * 2 + 1, 1)], [], _line);
        Assert.InRange(_claims.Count, 1, EnergyClaims.Capacity);
    }

    private static WorkSpan Span(double from, double to, double tokens) => new((long)(from * Second), (long)(to * Second), tokens);
}
