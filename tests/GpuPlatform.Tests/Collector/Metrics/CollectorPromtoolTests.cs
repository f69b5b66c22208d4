using GpuPlatform.Collector.Metrics;
using GpuPlatform.Tests.ServiceDefaults.Prometheus;

namespace GpuPlatform.Tests.Collector.Metrics;

public sealed class CollectorPromtoolTests
{
    // What others have named is named so, whatever promtool thinks of it
    private static readonly string[] Foreign = ["DCGM_FI_", "gpumon_process_count ", "gpu_other_processes_count "];

    [Fact]
    public async Task Promtool_finds_nothing_wrong_with_the_names_that_are_our_own()
    {
        var promtool = await PromtoolTests.PromtoolAsync();
        using var metrics = new MetricsFixture(new MetricsOptions { Processes = true });
        metrics.AddGpumon();
        metrics.AddDcgm();
        metrics.AddHardware(isScrapedToo: true);
        metrics.AddLoops();
        metrics.AddModels(FullServer.Server).Count(FullServer.Load);
        metrics.Note(7);
        metrics.Latest.Host = FullGpu.Host(metrics.Clock.GetUtcNow());
        metrics.Sampled(FullGpu.Sample);
        var text = await metrics.ScrapeAsync();
        var (exitCode, output) = await PromtoolTests.RunAsync(promtool, Path.GetTempPath(), text, "check", "metrics");
        // 3: it reads them all and remarks on some, 1: it cannot read them
        Assert.True(exitCode is 0 or 3, output);
        Assert.DoesNotContain(output.Split('\n'), line => line.Length > 0 && !Array.Exists(Foreign, name => line.StartsWith(name, StringComparison.Ordinal)));
    }
}
