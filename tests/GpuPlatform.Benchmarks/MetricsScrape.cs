using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using GpuPlatform.ServiceDefaults.Prometheus;
using Microsoft.Extensions.DependencyInjection;

namespace GpuPlatform.Benchmarks;

/// <summary>A scrape of 2,000 series against pasting the same lines together, names and labels given.</summary>
internal static class MetricsScrape
{
    private const int SeriesCount = 2_000;

    public static async Task RunAsync()
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var collector = new MetricCollector(services.GetRequiredService<IMeterFactory>());
        await collector.StartAsync(CancellationToken.None);
        using var meter = new Meter("GpuPlatform.Benchmarks");
        var counter = meter.CreateCounter<long>("benchmark.events");
        for (var i = 0; i < SeriesCount; i++)
            counter.Add(i, new("gpu", $"GPU-{i}"), new("outcome", "stored"));
        var scrape = Encoding.UTF8.GetString((await collector.ScrapeAsync(CancellationToken.None)).Span);
        var series = scrape.Split('\n').Where(line => line.StartsWith("benchmark_events_total{", StringComparison.Ordinal))
            .Select(line => (Name: line[..line.LastIndexOf(' ')], Value: double.Parse(line[line.LastIndexOf(' ')..], CultureInfo.InvariantCulture))).ToList();
        if (series.Count != SeriesCount)
            throw new InvalidOperationException($"the scrape shows {series.Count} series");
        await Comparison.RunAsync("metrics-scrape", $"scrape of {SeriesCount} series", unitsPerCall: 1,
            new Contender("MetricCollector.ScrapeAsync", () => collector.ScrapeAsync(CancellationToken.None)),
            new Contender("StringBuilder with names and labels given", () =>
            {
                var text = new StringBuilder();
                foreach (var (name, value) in series)
                    text.Append(name).Append(' ').Append(value).Append('\n');
                _ = Encoding.UTF8.GetBytes(text.ToString());
            }));
    }
}
