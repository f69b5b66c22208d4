using System.Diagnostics.Metrics;
using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Collector.Metrics;

/// <summary>Makes instruments of the GPUs' present readings, each measurement with the labels that a set of names gives a GPU.</summary>
internal sealed class GpuMeasurements(Meter meter, PresentGpus present, Func<GpuView, KeyValuePair<string, object?>[]> identity)
{
    public void Gauge(string name, string? unit, string help, Func<GpuView, IEnumerable<MetricValue?>> read) =>
        meter.CreateObservableGauge(name, () => Measure(read), unit, help);

    public void Gauge(string name, string? unit, string help, Func<GpuView, double?> read) => Gauge(name, unit, help, One(read));

    public void Counter(string name, string? unit, string help, Func<GpuView, IEnumerable<MetricValue?>> read) =>
        meter.CreateObservableCounter(name, () => Measure(read), unit, help);

    public void Counter(string name, string? unit, string help, Func<GpuView, double?> read) => Counter(name, unit, help, One(read));

    public void UpDownCounter(string name, string? unit, string help, Func<GpuView, IEnumerable<MetricValue?>> read) =>
        meter.CreateObservableUpDownCounter(name, () => Measure(read), unit, help);

    public void UpDownCounter(string name, string? unit, string help, Func<GpuView, double?> read) => UpDownCounter(name, unit, help, One(read));

    private static Func<GpuView, IEnumerable<MetricValue?>> One(Func<GpuView, double?> read) =>
        view => [read(view) is { } value ? new MetricValue(value) : null];

    private List<Measurement<double>> Measure(Func<GpuView, IEnumerable<MetricValue?>> read)
    {
        var measurements = new List<Measurement<double>>();
        foreach (var view in present.Read())
        {
            var labels = identity(view);
            foreach (var value in read(view))
                if (value is { } known)
                    measurements.Add(new(known.Value, [.. labels, .. known.Labels ?? []]));
        }
        return measurements;
    }
}
