using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GpuPlatform.Contracts;

namespace GpuPlatform.SystemTests;

[Collection(nameof(RunningSystem))]
public sealed class ApiTests(RunningSystem system)
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    [Fact]
    public async Task A_simulated_sample_and_its_classified_processes_reach_the_api()
    {
        // The invented model is gone from memory for half a minute of every five
        var node = await Eventually.Get("a node with a GPU whose processes all have a kind, a model server among them", async () =>
            (await system.GetRealtimeAsync()).Nodes.FirstOrDefault(node =>
                node.NodeId.EndsWith("-simulated", StringComparison.Ordinal) && node is { Stale: false, Host: not null, Gpus.Count: > 0 }
                && node.Processes.All(process => process.Kind is not null) && node.Processes.Any(process => process.Kind == WorkloadKind.LlmInference)));

        Assert.Equal("simulated", node.Host!.Collector.GpuSource);
        Assert.All(node.Gpus, gpu => Assert.InRange(gpu.UtilizationPercent!.Value, 0, 100));
        Assert.All(node.Processes, process => Assert.False(string.IsNullOrEmpty(process.Rule)));
    }

    [Fact]
    public async Task History_keeps_what_was_sampled()
    {
        using var client = system.App.CreateHttpClient("history");

        var series = await Eventually.Get("a series with 5 points", async () =>
            (await client.GetFromJsonAsync<HistoricalSeries>($"{Routes.Historical}?hours=1", Json))!
                .Gpus.FirstOrDefault(gpu => gpu.Points.Count >= 5));

        Assert.Equal(series.Points.OrderBy(point => point.At), series.Points);
        Assert.Contains(series.Points, point => point.PowerWatts > 0);
    }

    [Theory]
    [InlineData("hours=abc", "hours")]
    [InlineData("hours=-1", "hours")]
    [InlineData("hours=1e9", "hours")]
    [InlineData("hors=1", "hors")]
    public async Task A_bad_query_is_refused_with_the_parameter_and_the_accepted_values(string query, string parameter)
    {
        using var client = system.App.CreateHttpClient("history");

        using var response = await client.GetAsync(new Uri($"{Routes.Historical}?{query}", UriKind.Relative));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains(parameter, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_live_feed_sends_a_node_on_every_sample()
    {
        using var client = system.App.CreateHttpClient("history");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        await using var stream = await client.GetStreamAsync(new Uri(Routes.Live, UriKind.Relative), limit.Token);
        var instants = new HashSet<DateTimeOffset>();

        await foreach (var item in System.Net.ServerSentEvents.SseParser.Create(stream).EnumerateAsync(limit.Token))
        {
            if (item.EventType == "node" && JsonSerializer.Deserialize<NodeSnapshot>(item.Data, Json) is { GpusSampledAt: { } at } node
                && node.NodeId.EndsWith("-simulated", StringComparison.Ordinal))
            {
                instants.Add(at);
            }

            if (instants.Count == 3)
            {
                break;
            }
        }

        Assert.Equal(3, instants.Count);
    }

    [Fact]
    public async Task The_openapi_document_names_every_route()
    {
        using var client = system.App.CreateHttpClient("history");

        using var document = JsonDocument.Parse(await client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)));

        var paths = document.RootElement.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToList();
        Assert.Contains(Routes.Realtime, paths);
        Assert.Contains(Routes.Historical, paths);
        Assert.Contains(Routes.Live, paths);
    }

    [Fact]
    public async Task The_collector_lists_its_devices_in_the_documented_shape()
    {
        using var client = system.App.CreateHttpClient("collector");

        using var document = JsonDocument.Parse(await client.GetStringAsync(new Uri(Routes.GpuDevices, UriKind.Relative)));

        var devices = document.RootElement.GetProperty("devices");
        Assert.Equal(devices.GetArrayLength(), document.RootElement.GetProperty("count").GetInt32());
        foreach (var name in (string[])["index", "name", "total_memory_mb", "free_memory_mb", "used_memory_mb", "utilization_percent", "temperature_c", "is_available"])
        {
            Assert.True(devices[0].TryGetProperty(name, out _), name);
        }
    }

    [Theory]
    [InlineData("collector")]
    [InlineData("classifier")]
    [InlineData("history")]
    [InlineData("web")]
    public async Task Every_service_answers_health_alive_and_metrics(string resource)
    {
        using var client = system.App.CreateHttpClient(resource);

        await Eventually.Holds($"{resource} is healthy", async () =>
            (await client.GetAsync(new Uri("/health", UriKind.Relative))).StatusCode == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/alive", UriKind.Relative))).StatusCode);
        Assert.Contains("# TYPE", await system.GetMetricsAsync(resource), StringComparison.Ordinal);
    }
}
