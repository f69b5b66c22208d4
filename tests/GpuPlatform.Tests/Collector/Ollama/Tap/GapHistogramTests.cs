using FsCheck;
using GpuPlatform.Collector.Ollama.Tap;

namespace GpuPlatform.Tests.Collector.Ollama.Tap;

public sealed class GapHistogramTests
{
    [Fact]
    public void Percentiles_are_within_2_percent_or_10_microseconds() => Prop.ForAll(
        Gen.NonEmptyListOf(Gen.Choose(0, 30_000).Select(root => (long)root * root)).ToArbitrary(),
        Gen.Choose(1, 100).ToArbitrary(),
        (microseconds, percent) =>
        {
            var histogram = new GapHistogram();
            foreach (var gap in microseconds.Where(gap => gap <= 600_000_000)) histogram.Add(TimeSpan.FromMicroseconds(gap));
            var sorted = microseconds.Where(gap => gap <= 600_000_000).Order().ToList();
            if (sorted.Count == 0) return histogram.P50Ms is null;
            var exact = sorted[(int)Math.Ceiling(percent / 100.0 * sorted.Count) - 1] / 1e3;
            return Math.Abs(histogram.PercentileMs(percent / 100.0)!.Value - exact) <= Math.Max(0.01, exact * 0.02);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Without_a_gap_there_is_no_percentile()
    {
        var histogram = new GapHistogram();
        Assert.Equal((null, null, null), (histogram.P50Ms, histogram.P95Ms, histogram.P99Ms));
    }

    [Fact]
    public void What_is_longer_than_the_longest_counts_as_that_and_what_is_negative_as_none()
    {
        var histogram = new GapHistogram();
        histogram.Add(TimeSpan.MinValue);
        Assert.Equal(0, histogram.P99Ms);
        histogram.Add(TimeSpan.MaxValue);
        Assert.InRange(histogram.P99Ms!.Value, 600_000, 700_000);
    }
}
