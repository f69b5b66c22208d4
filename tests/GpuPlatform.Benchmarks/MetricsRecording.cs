using System.Diagnostics.Metrics;
using GpuPlatform.ServiceDefaults.Prometheus;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace GpuPlatform.Benchmarks;

/// <summary>One measurement with two tags: heard by our listener, by nobody, and by OpenTelemetry's own aggregation.</summary>
internal static class MetricsRecording
{
    private const int MeasurementsPerCall = 10_000;
    private const string OpenTelemetryMeter = "Benchmarks.OpenTelemetry";

    public static async Task RunAsync()
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var collector = new MetricCollector(services.GetRequiredService<IMeterFactory>());
        await collector.StartAsync(CancellationToken.None);
        using var openTelemetry = Sdk.CreateMeterProviderBuilder().AddMeter(OpenTelemetryMeter)
            .AddReader(new BaseExportingMetricReader(new Nowhere())).Build();
        using var ours = new Meter("GpuPlatform.Benchmarks");
        using var silent = new Meter("Benchmarks.Silent");
        using var theirs = new Meter(OpenTelemetryMeter);
        await Comparison.RunAsync("metrics-record, counter", "measurement with 2 tags", MeasurementsPerCall,
            Counting("Prometheus listener", ours), Counting("no listener", silent), Counting("OpenTelemetry aggregation", theirs));
        await Comparison.RunAsync("metrics-record, histogram", "measurement with 2 tags", MeasurementsPerCall,
            Timing("Prometheus listener", ours), Timing("no listener", silent), Timing("OpenTelemetry aggregation", theirs));
        var text = System.Text.Encoding.UTF8.GetString((await collector.ScrapeAsync(CancellationToken.None)).Span);
        if (!text.Contains("benchmark_events_total{", StringComparison.Ordinal) || !text.Contains("benchmark_duration_seconds_count{", StringComparison.Ordinal))
            throw new InvalidOperationException("the listener heard nothing");
    }

    private static Contender Counting(string name, Meter meter)
    {
        var counter = meter.CreateCounter<long>("benchmark.events");
        return new Contender(name, () =>
        {
            for (var i = 0; i < MeasurementsPerCall; i++)
                counter.Add(1, new("gpu", "GPU-1"), new("outcome", "stored"));
        });
    }

    private static Contender Timing(string name, Meter meter)
    {
        var histogram = meter.CreateHistogram<double>("benchmark.duration", "s");
        return new Contender(name, () =>
        {
            for (var i = 0; i < MeasurementsPerCall; i++)
                histogram.Record(0.001 * (i & 1023), new("gpu", "GPU-1"), new("outcome", "stored"));
        });
    }

    private sealed class Nowhere : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch) => ExportResult.Success;
    }
}
