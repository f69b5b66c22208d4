using FsCheck;
using GpuPlatform.History.Queries;

namespace GpuPlatform.Tests.History;

public sealed class StepWidthTests
{
    private static StepWidth For(double rangeSeconds, double? fastest, double? slowest = null) => StepWidth.For(
        TimeSpan.FromSeconds(rangeSeconds),
        fastest is { } f ? TimeSpan.FromSeconds(f) : null,
        (slowest ?? fastest) is { } s ? TimeSpan.FromSeconds(s) : null);

    [Theory]
    [InlineData(600, 2.0, 3)]
    [InlineData(600, 1.998, 3)]
    [InlineData(1200, 2.0, 3)]
    [InlineData(60, 1.0, 1.5)]
    public void Short_ranges_give_the_readings_themselves(double range, double cadence, double step) =>
        Assert.Equal(new StepWidth(TimeSpan.FromSeconds(step), true), For(range, cadence));

    [Theory]
    [InlineData(3600, 2.0, 6)]
    [InlineData(3600, 2.004, 6)]
    [InlineData(1300, 2.001, 4)]
    [InlineData(600, 0.5, 1)]
    [InlineData(60, 0.7, 2)]
    [InlineData(86_400, 2.0, 180)]
    [InlineData(2_678_400, 2.0, 7200)]
    public void Longer_ranges_give_round_steps(double range, double cadence, double step) =>
        Assert.Equal(new StepWidth(TimeSpan.FromSeconds(step), false), For(range, cadence));

    [Fact]
    public void Without_readings_the_step_still_fits_the_range() => Assert.Equal(TimeSpan.FromSeconds(6), For(3600, null).Step);

    [Fact]
    public void A_slow_series_beside_a_fast_one_widens_the_steps() => Assert.Equal(new StepWidth(TimeSpan.FromSeconds(20), false), For(3600, 2, 10));

    [Fact]
    public void A_jittering_cadence_never_leaves_a_gap_and_points_stay_few() => Prop.ForAll(
        Gen.Choose(1, 744 * 60).Select(minutes => minutes * 60d).ToArbitrary(),
        Gen.Choose(100, 60_000).Select(milliseconds => milliseconds / 1000d).ToArbitrary(),
        Gen.Choose(0, 1_000_000).ToArbitrary(),
        (range, cadence, seed) =>
        {
            var width = For(range, cadence);
            var points = width.IsRaw ? range / cadence : range / width.Step.TotalSeconds;
            return points <= 640 && LargestGap(width, cadence, seed) <= width.Step.TotalSeconds + 1e-6;
        }).QuickCheckThrowOnFailure();

    private static double LargestGap(StepWidth width, double cadence, int seed)
    {
        // Each reading comes up to a fifth of the cadence early or late.
        var random = new System.Random(seed);
        var readings = Enumerable.Range(0, 200).Select(i => (i + (random.NextDouble() - 0.5) * 0.4) * cadence);
        var step = width.Step.TotalSeconds;
        var points = width.IsRaw ? [.. readings] : readings.Select(at => Math.Floor(at / step) * step).Distinct().ToArray();
        return points.Zip(points.Skip(1), (left, right) => right - left).DefaultIfEmpty().Max();
    }
}
