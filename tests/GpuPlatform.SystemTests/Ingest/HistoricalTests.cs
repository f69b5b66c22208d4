using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GpuPlatform.Contracts;

namespace GpuPlatform.SystemTests.Ingest;

[Collection(nameof(RunningSystem))]
public sealed class HistoricalTests(RunningSystem system) : IngestTest(system)
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>One range answers with the readings themselves, the other with averages over steps.</summary>
    [Theory]
    [InlineData("0.1", 40)]
    [InlineData("3", 0)]
    public async Task A_pause_is_a_gap_and_the_only_one(string hours, int readings)
    {
        var node = new TestNode(secondsAgo: 300);
        foreach (var second in Enumerable.Range(0, 40).Select(i => i < 20 ? 2 * i : (2 * i) + 120))
        {
            await Publisher.PublishAsync(node.Heartbeat(second));
            await Publisher.PublishAsync(node.Tick(second));
        }

        await Eventually.Holds("all readings are stored", async () =>
            (await CountAsync("gpu_sample", node), await CountAsync("host_sample", node)) == (40, 40));
        var series = await ReadAsync($"hours={hours}&node={node.NodeId}");

        var gpu = Assert.Single(series.Gpus).Points.Select(point => point.At).ToList();
        var host = Assert.Single(series.Hosts).Points.Select(point => point.At).ToList();
        Assert.Equal(1, Gaps(gpu, series.StepSeconds));
        Assert.Equal(1, Gaps(host, series.StepSeconds));
        Assert.All(Assert.Single(series.Gpus).Points, point => Assert.Equal((50, 61, 250), (point.UtilizationPercent, point.TemperatureCelsius, point.PowerWatts)));
        if (readings > 0)
        {
            Assert.Equal((readings, readings), (gpu.Count, host.Count));
        }
    }

    [Theory]
    [InlineData("0.1")]
    [InlineData("3")]
    public async Task A_reading_that_the_driver_did_not_give_stays_null_and_is_in_no_average(string hours)
    {
        var (mute, half) = (new TestNode(), new TestNode());
        for (var second = 0; second < 20; second += 2)
        {
            await Publisher.PublishAsync(mute.Tick(second) with
            {
                Gpus = [new GpuSample { Uuid = mute.GpuUuid, Index = 0, Name = "Mute", Error = "GPU is lost" }],
            });
            await Publisher.PublishAsync(half.Tick(second) with { Gpus = [half.Gpu with { UtilizationPercent = second % 4 == 0 ? null : 80, PowerWatts = 0 }] });
        }

        await Publisher.FenceAsync();
        var muted = Assert.Single((await ReadAsync($"hours={hours}&gpu={mute.GpuUuid}")).Gpus).Points;
        var halved = Assert.Single((await ReadAsync($"hours={hours}&gpu={half.GpuUuid}")).Gpus).Points;

        Assert.NotEmpty(muted);
        Assert.All(muted, point => Assert.Equal(new GpuPoint { At = point.At }, point));
        Assert.All(halved, point => Assert.True(point is { UtilizationPercent: null or 80, PowerWatts: 0 }, point.ToString()));
        Assert.Contains(halved, point => point.UtilizationPercent == 80);
    }

    [Fact]
    public async Task Filters_give_that_node_and_that_gpu_only()
    {
        var (one, other) = (new TestNode(), new TestNode());
        foreach (var node in (TestNode[])[one, other])
        {
            await Publisher.PublishAsync(node.Heartbeat(0));
            await Publisher.PublishAsync(node.Tick(0) with { Gpus = [node.Gpu, node.Gpu with { Uuid = $"{node.GpuUuid}-b", Index = 1 }] });
        }

        await Publisher.FenceAsync();
        var byNode = await ReadAsync($"node={one.NodeId}");
        var byGpu = await ReadAsync($"gpu={one.GpuUuid}-b");
        var byBoth = await ReadAsync($"gpu={one.GpuUuid}&node={other.NodeId}");
        var all = await ReadAsync("hours=1");

        Assert.Equal([one.GpuUuid, $"{one.GpuUuid}-b"], byNode.Gpus.Select(gpu => gpu.Uuid));
        Assert.Equal([one.NodeId], byNode.Hosts.Select(host => host.NodeId));
        Assert.Equal([$"{one.GpuUuid}-b"], byGpu.Gpus.Select(gpu => gpu.Uuid));
        Assert.Empty(byGpu.Hosts);
        Assert.Empty(byBoth.Gpus);
        Assert.Empty((await ReadAsync("node=nobody")).Gpus);
        Assert.Superset(new HashSet<string>([one.NodeId, other.NodeId]), all.Hosts.Select(host => host.NodeId).ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_range_holds_what_lies_in_it()
    {
        // Within the lead that a clock may have, but not in the past yet.
        var (old, ahead) = (new TestNode(secondsAgo: 2 * 3600), new TestNode(secondsAgo: -120));
        foreach (var node in (TestNode[])[old, ahead])
        {
            await Publisher.PublishAsync(node.Heartbeat(0));
            await Publisher.PublishAsync(node.Tick(0));
        }

        await Publisher.FenceAsync();

        Assert.Empty((await ReadAsync($"hours=1.9&node={old.NodeId}")).Gpus);
        var (gpu, host) = await ReadAsync($"hours=2.1&node={old.NodeId}") is { Gpus: [var only], Hosts: [var its] } ? (only, its) : default;
        Assert.Equal((1, 1), (gpu?.Points.Count, host?.Points.Count));
        Assert.Single((await ReadAsync($"hours=744&node={old.NodeId}")).Gpus);
        Assert.Empty((await ReadAsync($"hours=744&node={ahead.NodeId}")).Gpus);
        Assert.Empty((await ReadAsync($"hours=0.0000000000000000000000000001&node={old.NodeId}")).Gpus);
    }

    [Theory]
    [InlineData("hours=0")]
    [InlineData("hours=744.0001")]
    [InlineData("hours=1&hours=2")]
    [InlineData("hours=")]
    [InlineData("hours=NaN")]
    [InlineData("node=")]
    [InlineData("gpu=%00")]
    public async Task A_range_that_makes_no_sense_is_refused(string query)
    {
        using var client = Running.App.CreateHttpClient("history");

        using var response = await client.GetAsync(new Uri($"{Routes.Historical}?{query}", UriKind.Relative));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    async Task<HistoricalSeries> ReadAsync(string query)
    {
        using var client = Running.App.CreateHttpClient("history");
        return (await client.GetFromJsonAsync<HistoricalSeries>($"{Routes.Historical}?{query}", Json))!;
    }

    static int Gaps(List<DateTimeOffset> points, double stepSeconds) =>
        points.Zip(points.Skip(1)).Count(pair => (pair.Second - pair.First).TotalSeconds > stepSeconds);
}
