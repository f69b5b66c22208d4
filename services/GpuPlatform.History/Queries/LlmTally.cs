using System.Buffers;
using GpuPlatform.Contracts;

namespace GpuPlatform.History.Queries;

/// <summary>A sum and how many values are in it.</summary>
internal readonly record struct LlmMean(double Sum, long Count)
{
    public double? Value => Count == 0 ? null : Sum / Count;

    public static LlmMean operator +(LlmMean one, LlmMean other) => new(one.Sum + other.Sum, one.Count + other.Count);
}

/// <summary>What the requests of one step, model, client and outcome add up to.</summary>
internal sealed record LlmSums
{
    public required LlmOutcome Outcome { get; init; }
    public long Requests { get; init; }
    public long PromptTokens { get; init; }
    public long CachedTokens { get; init; }
    public long CompletionTokens { get; init; }
    public LlmMean Rate { get; init; }
    public LlmMean TimeToFirstToken { get; init; }
    public LlmMean TimePerOutputToken { get; init; }
    public double? EnergyJoules { get; init; }

    /// <summary>Energy of the requests that have both energy and tokens, and those tokens.</summary>
    public double PricedJoules { get; init; }

    public long PricedTokens { get; init; }
}

/// <summary>The values of many requests, in no order; not every request has every value.</summary>
internal sealed record LlmValues(float[] Rates, float[] TimesToFirstToken, float[] TimesPerOutputToken);

/// <summary>Gathers the figures of all requests, of a model or of a client.</summary>
internal sealed class LlmTally
{
    private const double Percentile = 0.95;
    private readonly List<LlmValues> _values = [];
    private LlmFigures _figures = new();
    private LlmMean _rate, _first, _each, _price;

    public long Tokens => _figures.PromptTokens + _figures.CompletionTokens;

    public void Add(LlmSums sums)
    {
        _figures = _figures with
        {
            RequestCount = _figures.RequestCount + sums.Requests,
            OkCount = _figures.OkCount + Of(LlmOutcome.Ok),
            AbortedCount = _figures.AbortedCount + Of(LlmOutcome.Aborted),
            FailedCount = _figures.FailedCount + Of(LlmOutcome.Failed),
            RefusedCount = _figures.RefusedCount + Of(LlmOutcome.Refused),
            PromptTokens = _figures.PromptTokens + sums.PromptTokens,
            CachedTokens = _figures.CachedTokens + sums.CachedTokens,
            CompletionTokens = _figures.CompletionTokens + sums.CompletionTokens,
            EnergyJoules = sums.EnergyJoules is { } joules ? (_figures.EnergyJoules ?? 0) + joules : _figures.EnergyJoules,
        };
        _rate += sums.Rate;
        _first += sums.TimeToFirstToken;
        _each += sums.TimePerOutputToken;
        _price += new LlmMean(sums.PricedJoules, sums.PricedTokens);

        long Of(LlmOutcome outcome) => sums.Outcome == outcome ? sums.Requests : 0;
    }

    public void Add(LlmValues values) => _values.Add(values);

    public LlmFigures ToContract() => _figures with
    {
        AverageTokensPerSecond = _rate.Value,
        P95TokensPerSecond = Ranked(values => values.Rates, slowIsLow: true),
        AverageTimeToFirstTokenMs = _first.Value,
        P95TimeToFirstTokenMs = Ranked(values => values.TimesToFirstToken, slowIsLow: false),
        AverageTimePerOutputTokenMs = _each.Value,
        P95TimePerOutputTokenMs = Ranked(values => values.TimesPerOutputToken, slowIsLow: false),
        JoulesPerToken = _price.Value,
    };

    /// <summary>How many values lie in each bucket: up to and including its bound, and above the last.</summary>
    public LlmDistribution Distribution(Func<LlmValues, float[]> column, double[] upperBoundsMs)
    {
        var counts = new long[upperBoundsMs.Length + 1];
        foreach (var values in _values)
        {
            foreach (var value in column(values))
            {
                var found = Array.BinarySearch(upperBoundsMs, LlmRow.Exact(value));
                counts[found < 0 ? ~found : found]++;
            }
        }

        return new LlmDistribution { UpperBoundsMs = upperBoundsMs, Counts = counts };
    }

    /// <summary>The value itself that stands at that rank, as PostgreSQL's percentile_disc finds it.</summary>
    private double? Ranked(Func<LlmValues, float[]> column, bool slowIsLow)
    {
        var count = _values.Sum(values => column(values).Length);
        if (count == 0)
            return null;
        var all = ArrayPool<float>.Shared.Rent(count);
        var next = 0;
        foreach (var values in _values)
        {
            column(values).CopyTo(all, next);
            next += column(values).Length;
        }

        Array.Sort(all, 0, count);
        var rank = (int)Math.Ceiling(Percentile * count) - 1;
        var value = all[slowIsLow ? count - 1 - rank : rank];
        ArrayPool<float>.Shared.Return(all);
        return LlmRow.Exact(value);
    }
}
