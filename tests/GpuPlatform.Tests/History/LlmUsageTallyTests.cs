using GpuPlatform.Contracts;
using GpuPlatform.History.Queries;

namespace GpuPlatform.Tests.History;

public sealed class LlmUsageTallyTests
{
    private static readonly DateTimeOffset T = Samples.Now;
    private readonly LlmUsageTally _usage = new(new LlmFilter { From = T, To = T.AddHours(1) }, TimeSpan.FromMinutes(1));

    private static LlmSums Sums(long requests = 1, LlmOutcome outcome = LlmOutcome.Ok, long tokens = 10) => new()
    {
        Outcome = outcome, Requests = requests, PromptTokens = 2 * tokens, CompletionTokens = tokens, TimeToFirstToken = new LlmMean(100, 1),
    };

    [Fact]
    public void No_request_is_no_figure_and_not_zero()
    {
        var usage = _usage.ToContract([]);

        Assert.Equal(new LlmFigures(), usage.Total);
        Assert.Null(usage.Total.P95TimeToFirstTokenMs);
        Assert.Equal(0, usage.TimeToFirstToken.Counts.Sum());
        Assert.Equal(usage.TimeToFirstToken.UpperBoundsMs.Count + 1, usage.TimeToFirstToken.Counts.Count);
    }

    [Fact]
    public void Percentiles_are_values_that_were_measured_and_slow_is_low_for_rates()
    {
        var values = Enumerable.Range(1, 100).Select(i => (float)i).Reverse().ToArray();
        _usage.Add("m", "c", new LlmValues(values[..50], values[..10], []));
        _usage.Add("n", "c", new LlmValues(values[50..], values[10..], []));

        var total = _usage.ToContract([]).Total;
        Assert.Equal((6, 95, null), (total.P95TokensPerSecond, total.P95TimeToFirstTokenMs, total.P95TimePerOutputTokenMs));
    }

    [Fact]
    public void Outcomes_tokens_and_energy_add_up_by_model_and_client()
    {
        _usage.Add(T, "m", "c", Sums(3));
        _usage.Add(T, "m", "d", Sums(2, LlmOutcome.Failed) with { EnergyJoules = 50, PricedJoules = 40, PricedTokens = 8 });
        _usage.Add(T.AddMinutes(1), "n", "c", Sums(1, LlmOutcome.Aborted, tokens: 500));

        var usage = _usage.ToContract([]);
        Assert.Equal((6, 3, 1, 2, 0), (usage.Total.RequestCount, usage.Total.OkCount, usage.Total.AbortedCount, usage.Total.FailedCount, usage.Total.RefusedCount));
        Assert.Equal((50d, 5d, 100d), (usage.Total.EnergyJoules, usage.Total.JoulesPerToken, usage.Total.AverageTimeToFirstTokenMs));
        Assert.Equal(["n", "m"], usage.Models.Select(group => group.Name));
        Assert.Equal((null, null), (usage.Models[0].Figures.EnergyJoules, usage.Models[0].Figures.JoulesPerToken));
        Assert.Equal(["c", "d"], usage.Clients.Select(group => group.Name));
        Assert.Equal([(T, "m", "c", 3L), (T, "m", "d", 2L), (T.AddMinutes(1), "n", "c", 1L)],
            usage.Series.Select(point => (point.At, point.Model, point.Client, point.RequestCount)));
    }

    [Fact]
    public void A_value_on_a_bound_is_below_it_and_the_last_bucket_is_open()
    {
        _usage.Add("m", "c", new LlmValues([], [10, 10.1f, 100_000, 100_001], []));

        var distribution = _usage.ToContract([]).TimeToFirstToken;
        Assert.Equal((1, 1, 1, 1), (distribution.Counts[0], distribution.Counts[1], distribution.Counts[^2], distribution.Counts[^1]));
    }

    [Fact]
    public void Only_the_largest_have_a_series_of_their_own_and_nothing_is_lost()
    {
        for (var i = 0; i < 300; i++)
            _usage.Add(T, $"model-{i:000}", "c", Sums(tokens: 1000 - i));

        var usage = _usage.ToContract([]);
        Assert.Equal((LlmUsageTally.MostGroups, LlmUsageTally.MostSeries + 1), (usage.Models.Count, usage.Series.Count));
        Assert.Equal((300, 300 - LlmUsageTally.MostSeries), (usage.Series.Sum(point => point.RequestCount), usage.Series.Single(point => point.Model == LlmUsageTally.Others).RequestCount));
        Assert.Equal("model-000", usage.Models[0].Name);
    }

    [Fact]
    public void Values_are_taken_from_the_newest_steps_that_fit()
    {
        for (var i = 0; i < 10; i++)
            _usage.Add(T.AddMinutes(i), "m", "c", Sums(100));

        Assert.Equal(T, _usage.NewestFrom(1000));
        Assert.Equal(T.AddMinutes(7), _usage.NewestFrom(350));
    }

    [Theory]
    [InlineData(0.1f, 0.1)]
    [InlineData(16777.217f, 16777.217)]
    [InlineData(0f, 0)]
    [InlineData(3.4e9f, 3.4e9)]
    public void Four_bytes_give_back_the_number_that_was_meant(float stored, double meant) => Assert.Equal(meant, LlmRow.Exact(stored));

    [Fact]
    public void A_rate_needs_tokens_and_time()
    {
        Assert.Equal((50d, null, null, null), (LlmRow.PerSecond(100, 2000), LlmRow.PerSecond(null, 2000), LlmRow.PerSecond(100, null), LlmRow.PerSecond(100, 0)));
        Assert.Null(LlmRow.PerSecond(-5, 100));
    }
}
