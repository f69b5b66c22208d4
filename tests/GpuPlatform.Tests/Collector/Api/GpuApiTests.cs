using System.Diagnostics.Metrics;
using System.Text.Json;
using GpuPlatform.Collector.Api;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Collector.Sampling;
using GpuPlatform.Tests.Doubles;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Tests.Collector.Api;

public sealed class GpuApiTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly LatestSample _latest;

    public GpuApiTests() => _latest = new LatestSample(Options.Create(new SamplingOptions()), _clock);

    [Fact]
    public void Names_and_units_of_a_device_are_as_promised()
    {
        Sampled(new GpuSample
        {
            Uuid = "GPU-a", Index = 0, Name = "Card", MemoryTotalBytes = 24L << 30, MemoryFreeBytes = 20L << 30, MemoryUsedBytes = 3L << 30,
            UtilizationPercent = 42, TemperatureCelsius = 61,
        });
        var device = Json().GetProperty("devices")[0];
        Assert.Equal(
            [
                "index", "name", "total_memory_mb", "free_memory_mb", "used_memory_mb", "utilization_percent", "temperature_c",
                "is_available", "error_message",
            ],
            device.EnumerateObject().Take(9).Select(property => property.Name));
        Assert.Equal(24576, device.GetProperty("total_memory_mb").GetInt64());
        Assert.Equal(20480, device.GetProperty("free_memory_mb").GetInt64());
        Assert.Equal(3072, device.GetProperty("used_memory_mb").GetInt64());
        Assert.Equal(42, device.GetProperty("utilization_percent").GetDouble());
        Assert.True(device.GetProperty("is_available").GetBoolean());
        Assert.Equal(JsonValueKind.Null, device.GetProperty("error_message").ValueKind);
        Assert.Equal(JsonValueKind.Null, device.GetProperty("power_watts").ValueKind);
        Assert.Equal(1, Json().GetProperty("count").GetInt32());
    }

    [Fact]
    public void A_host_without_a_gpu_has_an_empty_list_with_a_reason()
    {
        _latest.Gpus = new GpuSnapshot(null, new SourceInfo("none", "no driver"), []);
        var list = Json();
        Assert.Equal(0, list.GetProperty("count").GetInt32());
        Assert.Empty(list.GetProperty("devices").EnumerateArray());
        Assert.Equal("no driver", list.GetProperty("unavailable_reason").GetString());
    }

    [Fact]
    public void A_device_in_error_and_an_old_reading_are_not_available()
    {
        Sampled(new GpuSample { Uuid = "GPU-a", Index = 0, Name = "Card", Error = "GPU is lost" }, Card(1));
        Assert.Equal([false, true], GpuApi.ToList(_latest).Devices.Select(device => device.IsAvailable));
        _clock.Advance(TimeSpan.FromSeconds(11));
        Assert.All(GpuApi.ToList(_latest).Devices, device => Assert.False(device.IsAvailable));
        Assert.Equal("GPU is lost", GpuApi.ToList(_latest).Devices[0].ErrorMessage);
    }

    [Theory]
    [InlineData("auto", HealthStatus.Healthy)]
    [InlineData("nvml", HealthStatus.Degraded)]
    public async Task No_gpu_is_healthy_unless_one_is_expected(string source, HealthStatus expected)
    {
        _latest.Gpus = new GpuSnapshot(null, new SourceInfo("none", "no driver"), []);
        var result = await Health(source);
        Assert.Equal(expected, result.Status);
        Assert.Contains("no driver", result.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gpu_in_error_degrades()
    {
        Sampled(Card(0));
        Assert.Equal(HealthStatus.Healthy, (await Health("auto")).Status);
        Sampled(Card(0), Card(1) with { Error = "GPU is lost" });
        var result = await Health("auto");
        Assert.Equal(HealthStatus.Degraded, result.Status);
        Assert.Equal("GPU 1: GPU is lost", result.Description);
    }

    [Fact]
    public async Task A_gpu_that_could_not_be_opened_degrades()
    {
        _latest.Gpus = new GpuSnapshot(_clock.GetUtcNow(), new SourceInfo("nvml") { Missing = "GPU 1 cannot be opened: no" }, [Card(0)]);
        var result = await Health("auto");
        Assert.Equal((HealthStatus.Degraded, "GPU 1 cannot be opened: no"), (result.Status, result.Description));
    }

    [Fact]
    public async Task A_sampler_that_does_not_tick_is_unhealthy()
    {
        using var loop = new TickLoop("GPU sampler", TimeSpan.FromSeconds(2), () => { }, new Meter("test").CreateCounter<long>("failures"), _clock, new LogDouble<TickLoop>());
        var check = new SamplerHealthCheck(loop);
        Assert.Equal(HealthStatus.Healthy, (await check.CheckHealthAsync(new HealthCheckContext(), CancellationToken.None)).Status);
        _clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(HealthStatus.Unhealthy, (await check.CheckHealthAsync(new HealthCheckContext(), CancellationToken.None)).Status);
    }

    private static GpuSample Card(int index) => new() { Uuid = $"GPU-{index}", Index = index, Name = "Card" };

    private void Sampled(params GpuSample[] gpus) => _latest.Gpus = new GpuSnapshot(_clock.GetUtcNow(), new SourceInfo("nvml"), gpus);

    private Task<HealthCheckResult> Health(string source) =>
        new GpuHealthCheck(_latest, Options.Create(new GpuOptions { Source = source }))
            .CheckHealthAsync(new HealthCheckContext(), CancellationToken.None);

    private JsonElement Json() => JsonSerializer.SerializeToElement(GpuApi.ToList(_latest), ApiJson.Default.GpuDeviceList);
}
