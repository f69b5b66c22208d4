using System.Diagnostics.Metrics;
using System.Text;
using GpuPlatform.ServiceDefaults.Prometheus;
using Microsoft.Extensions.DependencyInjection;

namespace GpuPlatform.Tests.ServiceDefaults.Prometheus;

/// <summary>A collector with a meter of its own that no other test can see.</summary>
internal sealed class Exposition : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public Exposition()
    {
        Factory = _services.GetRequiredService<IMeterFactory>();
        Collector = new(Factory);
        Collector.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
        Meter = Factory.Create("GpuPlatform.Test");
    }

    public IMeterFactory Factory { get; }

    public MetricCollector Collector { get; }

    public Meter Meter { get; }

    public async Task<string> ScrapeAsync() => Encoding.UTF8.GetString((await Collector.ScrapeAsync(CancellationToken.None)).Span);

    /// <summary>The samples of one metric, without its head.</summary>
    public async Task<string[]> SamplesAsync(string metric) =>
        [.. (await ScrapeAsync()).Split('\n').Where(line => line.StartsWith(metric, StringComparison.Ordinal) && " {_".Contains(line[metric.Length]))];

    public void Dispose()
    {
        Collector.Dispose();
        _services.Dispose();
    }
}
