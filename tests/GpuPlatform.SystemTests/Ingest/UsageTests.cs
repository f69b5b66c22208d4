using System.Net.Http.Json;
using System.Text.Json;
using GpuPlatform.Contracts;

namespace GpuPlatform.SystemTests.Ingest;

/// <summary>What processes used, from the lists of a collector to sessions and hours.</summary>
[Collection(nameof(RunningSystem))]
public sealed class UsageTests(RunningSystem system) : IngestTest(system)
{
    const int Game = 1, Runner = 2;
    const int Shuffles = 12;
    const long GiB = 1L << 30;

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    [Fact]
    public async Task Lists_in_any_order_and_more_than_once_leave_the_same_sums()
    {
        // In the middle of an hour of long ago: all of it lies in one
        var origin = DateTimeOffset.UtcNow.AddDays(-1);
        origin = new DateTimeOffset(origin.Year, origin.Month, origin.Day, origin.Hour, 30, 0, TimeSpan.Zero);
        var nodes = Enumerable.Range(0, 2 + Shuffles).Select(_ => new TestNode { Origin = origin }).ToList();
        for (var i = 0; i < nodes.Count; i++)
        {
            var story = Story(nodes[i]).ToArray();
            if (i == 1)
            {
                Array.Reverse(story);
            }
            else if (i > 1)
            {
                story = [.. story, .. story[..3]];
                new Random(i).Shuffle(story);
            }

            foreach (var message in story)
            {
                await (message is GpuSampled tick ? Publisher.PublishAsync(tick) : Publisher.PublishAsync((ProcessClassified)message));
            }
        }

        await Publisher.FenceAsync();
        await Eventually.Holds("all ticks are stored", async () =>
            (await Task.WhenAll(nodes.Select(node => CountAsync("gpu_sample", node)))).All(count => count == 6));
        var expected = await HoursAsync(nodes[0]);
        for (var i = 1; i < nodes.Count; i++)
        {
            Assert.Equal((i, expected), (i, await HoursAsync(nodes[i])));
        }

        var question = $"node={nodes[0].NodeId}&start_date={Instant(origin)}&end_date={Instant(origin.AddMinutes(20))}";
        var sessions = (await GetAsync<ProcessSessionPage>($"{Routes.ProcessSessions}?{question}")).Sessions.ToDictionary(session => session.Pid);
        AssertGame(sessions[Game], origin);
        Assert.Equal((50, null, null, origin.AddSeconds(60)), (sessions[Runner].MeasuredSeconds, sessions[Runner].SmSeconds, sessions[Runner].EnergyJoules, sessions[Runner].To));
        var hours = (await GetAsync<KindUsage>($"{Routes.KindUsage}?{question}")).Hours;
        Assert.Equal([((WorkloadKind?)WorkloadKind.Gaming, 30d, (double?)25d), (null, 50d, (double?)null)], hours.Select(hour => (hour.Kind, hour.PresentSeconds, hour.SmSeconds)));
        Assert.Equal([Game], (await GetAsync<ProcessSessionPage>($"{Routes.ProcessSessions}?{question}&kind=gaming")).Sessions.Select(session => session.Pid));
    }

    static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    static void AssertGame(ProcessSession game, DateTimeOffset origin)
    {
        Assert.Equal((origin.AddSeconds(20), origin.AddSeconds(50), WorkloadKind.Gaming), (game.From, game.To, game.Kind));
        Assert.Equal([WorkloadKind.General, WorkloadKind.Gaming], game.Kinds.Select(change => change.Kind));
        // 10 s at 50 %, 20 s at 100 %: of 100 W and of 200 W; the encoder 20 s at 10 %
        Assert.Equal((30, 25, 2, 4500), (game.MeasuredSeconds, game.SmSeconds, game.EncoderSeconds, game.EnergyJoules));
        Assert.Equal((4 * GiB, 3 * GiB), (game.MemoryPeakBytes, game.MemoryAverageBytes));
    }

    /// <summary>A minute and a half of a host that lists processes every ten to twenty seconds.</summary>
    static List<object> Story(TestNode node) =>
    [
        Tick(node, 0, 1000, Runs(node)),
        Tick(node, 10, 2000, Runs(node)),
        Tick(node, 20, 3000, Runs(node), Plays(node, 50) with { MemoryUsedBytes = GiB }),
        node.Verdict(Game, WorkloadKind.General, 20),
        Tick(node, 40, 7000, Runs(node), Plays(node, 100) with { EncoderPercent = 10, MemoryUsedBytes = 4 * GiB }),
        node.Verdict(Game, WorkloadKind.Gaming, 40),
        Tick(node, 50, 9000, Runs(node)),
        Tick(node, 60, 9100),
    ];

    static GpuSampled Tick(TestNode node, double seconds, double joules, params GpuProcessUsage[] processes) =>
        new() { NodeId = node.NodeId, SampledAt = node.At(seconds), Gpus = [node.Gpu with { EnergyJoules = joules, Processes = processes }] };

    static GpuProcessUsage Runs(TestNode node) => new() { Pid = Runner, StartedAt = node.Started, MemoryUsedBytes = 2 * GiB };

    static GpuProcessUsage Plays(TestNode node, double smPercent) => new() { Pid = Game, StartedAt = node.Started, SmPercent = smPercent };

    async Task<string> HoursAsync(TestNode node)
    {
        await using var command = Database.CreateCommand("""
            select string_agg((to_jsonb(h) - 'node_id' - 'gpu_uuid')::text, e'\n' order by pid, hour) from process_hour h where node_id = $1
            """);
        command.Parameters.Add(new() { Value = node.NodeId });
        return (string)(await command.ExecuteScalarAsync())!;
    }

    async Task<T> GetAsync<T>(string path)
    {
        using var client = Running.App.CreateHttpClient("history");
        return (await client.GetFromJsonAsync<T>(path, Json))!;
    }
}
