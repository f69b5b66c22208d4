using System.Diagnostics.Metrics;
using System.Numerics;

namespace GpuPlatform.ServiceDefaults.Prometheus;

/// <summary>Upper bounds of a histogram's buckets: the instrument's advice, else the defaults of OpenTelemetry.</summary>
internal static class HistogramBounds
{
    private static readonly double[] Seconds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
    private static readonly double[] Plain = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000];

    public static double[] Of(Instrument instrument, MetricUnit unit)
    {
        var advised = instrument switch
        {
            Histogram<double> histogram => Advised(histogram),
            Histogram<float> histogram => Advised(histogram),
            Histogram<long> histogram => Advised(histogram),
            Histogram<int> histogram => Advised(histogram),
            Histogram<short> histogram => Advised(histogram),
            Histogram<byte> histogram => Advised(histogram),
            Histogram<decimal> histogram => Advised(histogram),
            _ => null,
        };
        if (advised is null) return unit.Suffix == "seconds" ? Seconds : Plain;
        return [.. advised.Where(double.IsFinite).Select(bound => bound * unit.Factor).Distinct().Order()];
    }

    private static double[]? Advised<T>(Histogram<T> histogram) where T : struct, INumber<T> =>
        histogram.Advice?.HistogramBucketBoundaries is { } bounds ? [.. bounds.Select(double.CreateSaturating)] : null;
}
