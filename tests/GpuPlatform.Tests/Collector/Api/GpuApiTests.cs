using System.Net;
using System.Text.Json;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace GpuPlatform.Tests.Collector.Api;

public sealed class GpuApiTests
{
    [Fact]
    public async Task Names_and_units_of_a_device_are_as_promised()
    {
        await using var host = await CollectorHost.StartAsync((source, _) => source.Gpu.Reading = new()
        {
            MemoryTotalBytes = 24L << 30, MemoryFreeBytes = 20L << 30, MemoryUsedBytes = 3L << 30, UtilizationPercent = 42, TemperatureCelsius = 61,
        });
        var list = await host.JsonAsync("/api/gpu/devices");
        var device = list.GetProperty("devices")[0];
        Assert.Equal(
            ["index", "name", "total_memory_mb", "free_memory_mb", "used_memory_mb", "utilization_percent", "temperature_c", "is_available", "error_message"],
            device.EnumerateObject().Take(9).Select(property => property.Name));
        Assert.Equal((24576, 20480, 3072), (Number(device, "total_memory_mb"), Number(device, "free_memory_mb"), Number(device, "used_memory_mb")));
        Assert.Equal((42, 61), (Number(device, "utilization_percent"), Number(device, "temperature_c")));
        Assert.True(device.GetProperty("is_available").GetBoolean());
        Assert.Equal(JsonValueKind.Null, device.GetProperty("error_message").ValueKind);
        Assert.Equal(JsonValueKind.Null, device.GetProperty("power_watts").ValueKind);
        Assert.Equal(("active", 200d), (device.GetProperty("state").GetString(), Number(device, "power_limit_watts")));
        Assert.Equal(1, Number(list, "count"));
        Assert.InRange(Number(list, "age_seconds"), 0, 300);
        Assert.NotEqual(default, list.GetProperty("sampled_at").GetDateTimeOffset());
    }

    [Theory]
    [InlineData("/api/gpu/processes", "evil.example", HttpStatusCode.Forbidden)] // its name was pointed at loopback
    [InlineData("/api/gpu/metrics", "evil.example:5101", HttpStatusCode.Forbidden)]
    [InlineData("/api/gpu/metrics", "localhost:5101", HttpStatusCode.OK)]
    [InlineData("/api/gpu/processes", "[::1]:5101", HttpStatusCode.OK)]
    [InlineData("/api/gpu/devices", "gpu.example", HttpStatusCode.OK)]
    public async Task What_runs_here_is_not_told_over_loopback_under_a_strangers_name(string path, string name, HttpStatusCode expected)
    {
        await using var host = await CollectorHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = name;
        using var answer = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task A_host_without_a_gpu_answers_with_empty_lists_and_the_reason()
    {
        await using var host = await CollectorHost.StartAsync((source, _) => source.Available = false);
        var devices = await host.JsonAsync("/api/gpu/devices");
        Assert.Equal((0, 0), (Number(devices, "count"), devices.GetProperty("devices").GetArrayLength()));
        Assert.Equal("no driver", devices.GetProperty("unavailable_reason").GetString());
        Assert.Equal(0, (await host.JsonAsync("/api/gpu/metrics")).GetProperty("gpus").GetArrayLength());
        Assert.Equal(0, (await host.JsonAsync("/api/gpu/processes")).GetProperty("processes").GetArrayLength());
        Assert.Equal("No GPU can be read: no driver.", (await host.JsonAsync("/api/gpu/summary")).GetProperty("text").GetString());
        Assert.Equal(JsonValueKind.Null, (await host.JsonAsync("/api/gpu/driver?fresh=true")).GetProperty("driver_version").ValueKind);
    }

    [Fact]
    public async Task A_sleeping_gpu_is_shown_as_such_and_not_read_for_anybody()
    {
        await using var host = await CollectorHost.StartAsync((source, _) => source.Gpu.Asleep = true);
        var device = (await host.JsonAsync("/api/gpu/devices?fresh=true")).GetProperty("devices")[0];
        Assert.Equal(("sleeping", false), (device.GetProperty("state").GetString(), device.GetProperty("is_available").GetBoolean()));
        Assert.Equal(JsonValueKind.Null, device.GetProperty("utilization_percent").ValueKind);
        Assert.Equal(0, host.Source.Gpu.ReadCount);
        Assert.Equal(1, Number((await host.JsonAsync("/api/gpu/summary")).GetProperty("states"), "sleeping"));
    }

    [Fact]
    public async Task A_gpu_is_reported_with_details_and_processes_and_the_age_of_each()
    {
        await using var host = await CollectorHost.StartAsync((source, processes) =>
        {
            processes.Add(7, "game");
            source.Gpu.ProcessList.Add(new(7, GpuContext.Graphics, 99));
        });
        var gpu = (await host.JsonAsync("/api/gpu/metrics")).GetProperty("gpus")[0];
        Assert.Equal(10, Number(gpu.GetProperty("readings"), "utilization_percent"));
        Assert.Equal(2, Number(gpu.GetProperty("details"), "performance_state"));
        Assert.InRange(Number(gpu, "details_age_seconds"), 0, 300);
        Assert.InRange(Number(gpu, "processes_age_seconds"), 0, 300);
        var process = (await host.JsonAsync("/api/gpu/processes")).GetProperty("processes")[0];
        Assert.Equal(process.GetRawText(), gpu.GetProperty("processes")[0].GetRawText());
        Assert.Equal((7, "game", "graphics", 99, 0), (Number(process, "pid"), process.GetProperty("name").GetString(), process.GetProperty("context").GetString(),
            Number(process, "memory_used_bytes"), Number(process, "gpu_index")));
    }

    [Fact]
    public async Task A_process_that_ended_is_gone_before_the_next_list_is_read()
    {
        await using var host = await CollectorHost.StartAsync((source, processes) =>
        {
            processes.Add(7, "game");
            source.Gpu.ProcessList.Add(new(7, GpuContext.Graphics, 99));
        });
        host.Processes.Table.Clear();
        host.App.Services.GetRequiredService<SamplingPace>().GameMode = true;
        host.Sampler.Tick();
        Assert.Equal(0, Number(await host.JsonAsync("/api/gpu/processes"), "count"));
    }

    [Theory]
    [InlineData("/api/gpu/devices?fresh=maybe", "fresh", "true and false")]
    [InlineData("/api/gpu/devices?fresh=true&fresh=true", "fresh", "once")]
    [InlineData("/api/gpu/summary?fresh=", "fresh", "true and false")]
    [InlineData("/api/gpu/processes?frehs=true", "frehs", "known is fresh")]
    [InlineData("/api/gpu/metrics?gpu=0", "gpu", "known is fresh")]
    [InlineData("/api/gpu/driver?x", "x", "known is fresh")]
    [InlineData("/api/health?fresh=true", "fresh", "takes none")]
    [InlineData("/api/gpu/game-mode?on=true", "on", "takes none")]
    public async Task A_query_that_is_not_understood_is_refused_by_name_with_what_is_accepted(string path, string parameter, string accepted)
    {
        await using var host = await CollectorHost.StartAsync();
        using var answer = await host.Client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var problem = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Contains(accepted, problem.GetProperty("errors").GetProperty(parameter)[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(1, host.Source.Gpu.ReadCount);
    }

    [Fact]
    public async Task What_there_is_not_is_answered_with_a_problem_too()
    {
        await using var host = await CollectorHost.StartAsync();
        using var answer = await host.Client.GetAsync(new Uri("/api/gpu/device", UriKind.Relative));
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task A_summary_adds_up_averages_and_says_it_in_words()
    {
        await using var host = await CollectorHost.StartAsync((source, _) =>
        {
            source.Gpu.Reading = Reading(80, 71, 300);
            source.Gpu.Details = new(new GpuDetails { ThrottleReasons = [GpuThrottleReason.PowerLimit, GpuThrottleReason.Idle] }, 350);
            source.Replace(
                source.Gpu,
                new Sampling.GpuDouble(1, "GPU-b") { Reading = Reading(20, 50, 40), Details = new(new GpuDetails { ThrottleReasons = [GpuThrottleReason.Idle] }, 250) },
                new Sampling.GpuDouble(2, "GPU-c") { Asleep = true });
        });
        var summary = await host.JsonAsync("/api/gpu/summary");
        Assert.Equal(
            "3 GPUs (2 active, 1 sleeping): 50 % busy on average, 8.0 of 48.0 GiB in use, 340 W, hottest is GPU 0 at 71 °C. GPU 0 is held back by its power limit.",
            summary.GetProperty("text").GetString());
        Assert.Equal((50, 80, 49152, 8192, 340, 600), (Number(summary, "average_utilization_percent"), Number(summary, "highest_utilization_percent"),
            Number(summary, "total_memory_mb"), Number(summary, "used_memory_mb"), Number(summary, "power_watts"), Number(summary, "power_limit_watts")));
        Assert.Equal("GPU-a", summary.GetProperty("hottest").GetProperty("uuid").GetString());
        var throttling = Assert.Single(summary.GetProperty("throttling").EnumerateArray());
        Assert.Equal(["power-limit"], throttling.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString()));
    }

    private static GpuReading Reading(double utilization, double celsius, double watts) => new()
    {
        UtilizationPercent = utilization, TemperatureCelsius = celsius, PowerWatts = watts, MemoryTotalBytes = 24L << 30, MemoryUsedBytes = 4L << 30,
    };

    private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();
}
