using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using GpuPlatform.Contracts;

namespace GpuPlatform.SystemTests.Ingest;

/// <summary>The dearer readings on their way from the broker through the database to the API.</summary>
[Collection(nameof(RunningSystem))]
public sealed class DetailTests(RunningSystem system) : IngestTest(system)
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    static readonly GpuDetails Details = new()
    {
        GraphicsClockMegahertz = 2520,
        Fans = [new GpuFan { SpeedPercent = 40, SpeedRpm = 1500 }, new GpuFan { SpeedPercent = 60 }],
        ThrottleReasons = [GpuThrottleReason.PowerLimit],
        EncoderUtilizationPercent = 7,
        Ecc = new GpuEcc { UncorrectedVolatileCount = 1 },
        RecoveryAction = GpuRecoveryAction.Reset,
        Facts = new GpuFacts { Vendor = "nvidia", SerialNumber = "half\0" },
    };

    [Fact]
    public async Task Details_stay_beside_newer_readings_until_the_gpu_sleeps_and_sleep_leaves_no_reading()
    {
        var node = new TestNode();
        await Publisher.PublishAsync(node.Tick(0, [node.Usage(1) with { SmPercent = 42 }]) with
        {
            Gpus = [node.Gpu with { Details = Details, EnergyJoules = 100, Processes = [node.Usage(1) with { SmPercent = 42 }] }],
        });
        await Publisher.PublishAsync(node.Tick(2));
        await Publisher.PublishAsync(node.Heartbeat(2) with
        {
            TaskCount = 412, LoadAverage1Minute = 1.5, Collector = new CollectorStatus { Version = "1", GpuSource = "nvml", Problems = ["disk full"], GameMode = true, GuardEnabled = false },
        });
        await Publisher.FenceAsync();

        var snapshot = (await SnapshotAsync(node))!;
        Assert.Equal((node.At(0), 2520, 2), (snapshot.Gpus[0].Details!.ReadAt, snapshot.Gpus[0].Details!.GraphicsClockMegahertz, snapshot.Gpus[0].Details!.Fans!.Count));
        Assert.Equal(42, Assert.Single(snapshot.Processes).SmPercent);
        Assert.Equal((412, 1.5, true, false), (snapshot.Host!.TaskCount, snapshot.Host.LoadAverage1Minute, snapshot.Host.Collector.GameMode, snapshot.Host.Collector.GuardEnabled));
        Assert.Equal(["disk full"], snapshot.Host.Collector.Problems);

        await Publisher.PublishAsync(node.Tick(4) with { Gpus = [new GpuSample { Uuid = node.GpuUuid, Index = 0, Name = "Test GPU", State = GpuState.Sleeping }] });
        await Publisher.FenceAsync();

        var asleep = (await SnapshotAsync(node))!;
        Assert.Equal((GpuState.Sleeping, null, node.At(4)), (asleep.Gpus[0].State, asleep.Gpus[0].Details, asleep.GpusSampledAt));
        Assert.Equal((2, 1), (await CountAsync("gpu_sample", node), await CountAsync("gpu_detail", node)));
        Assert.Equal(1, await RawPublisher.CountAsync(Database, "select count(*) from gpu where node_id = $1 and state = 'sleeping'", node.NodeId));
    }

    [Theory]
    [InlineData("0.1")]
    [InlineData("3")]
    public async Task A_range_has_energy_and_details_where_they_are_asked_for(string hours)
    {
        var node = new TestNode(secondsAgo: 200);
        var counter = 1000d;
        for (var second = 0; second <= 100; second += 2)
        {
            // The driver is loaded anew in the middle: the counter begins again, and what was used meanwhile is not known
            counter = second == 50 ? 5 : counter + 500;
            await Publisher.PublishAsync(node.Tick(second) with
            {
                Gpus = [node.Gpu with { EnergyJoules = counter, Details = second % 10 == 0 ? Details with { GraphicsClockMegahertz = 1000 + (second % 20 * 100) } : null }],
            });
        }

        await Publisher.FenceAsync();
        var plain = Assert.Single((await ReadAsync($"hours={hours}&gpu={node.GpuUuid}")).Gpus);
        var series = await ReadAsync($"hours={hours}&gpu={node.GpuUuid}&details=true");
        var gpu = Assert.Single(series.Gpus);

        Assert.Equal((null, null), (plain.Details, plain.EnergyJoules));
        Assert.All(plain.Points, point => Assert.Null(point.EnergyJoules));
        Assert.Equal(plain.Points.Select(point => point.At), gpu.Points.Select(point => point.At));
        Assert.Equal(49 * 500, gpu.EnergyJoules!.Value, 3);
        Assert.All(gpu.Details!, point => Assert.Equal((60, 100, 0, 7), (point.FanSpeedPercent, point.PowerThrottledPercent, point.ThermalThrottledPercent, point.EncoderUtilizationPercent)));
        Assert.InRange(gpu.Details!.Average(point => point.GraphicsClockMegahertz!.Value), 1000, 2000);
        Assert.All(gpu.Details!.Zip(gpu.Details!.Skip(1)), pair => Assert.InRange((pair.Second.At - pair.First.At).TotalSeconds, 1, series.DetailStepSeconds!.Value));
    }

    [Fact]
    public async Task A_word_about_a_gpu_that_a_newer_release_knows_costs_its_field_and_not_the_tick()
    {
        var node = new TestNode();
        var tick = RawPublisher.ToJson(node.Tick(0));
        tick["gpus"]![0]!["state"] = "dreaming";
        tick["gpus"]![0]!["details"] = JsonNode.Parse("""{"throttleReasons":["phase of the moon"],"recoveryAction":"exorcism","performanceState":3}""");

        await Publisher.PublishAsync<GpuSampled>(tick);
        await Publisher.FenceAsync();

        var gpu = (await SnapshotAsync(node))!.Gpus[0];
        Assert.Equal((GpuState.Active, 3, GpuRecoveryAction.Unknown), (gpu.State, gpu.Details!.PerformanceState, gpu.Details.RecoveryAction));
        Assert.Equal([GpuThrottleReason.Unknown], gpu.Details.ThrottleReasons);
    }

    async Task<HistoricalSeries> ReadAsync(string query)
    {
        using var client = Running.App.CreateHttpClient("history");
        return (await client.GetFromJsonAsync<HistoricalSeries>($"{Routes.Historical}?{query}", Json))!;
    }
}
