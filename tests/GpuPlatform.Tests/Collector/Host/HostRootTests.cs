using GpuPlatform.Collector.Sampling;
using GpuPlatform.Tests.Collector.Api;
using GpuPlatform.Tests.Doubles;
using Microsoft.Extensions.DependencyInjection;

namespace GpuPlatform.Tests.Collector.Host;

public sealed class HostRootTests
{
    [Fact]
    public async Task The_load_is_that_of_the_host_whose_files_the_settings_name()
    {
        using var tree = new TemporaryTree();
        tree.Write("proc/meminfo", "MemTotal:       1000 kB\nMemAvailable:    600 kB\n");
        await using var host = await CollectorHost.StartAsync(arrange: null, ("Gpu:Root", tree.Root));
        var latest = host.App.Services.GetRequiredService<LatestSample>();
        await Until.True(() => latest.Host is not null);
        Assert.Equal((1_024_000, 409_600, null), (latest.Host!.MemoryTotalBytes, latest.Host.MemoryUsedBytes, latest.Host.CpuPercent));
    }
}
