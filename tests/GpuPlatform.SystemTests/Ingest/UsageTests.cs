using System.Net.Http.Json;
using System.Text.Json;
using GpuPlatform.Contracts;

namespace GpuPlatform.SystemTests.Ingest;

/// <summary>What processes used, from the lists of a collector to sessions and hours.</summary>
[Collection(nameof(RunningSystem))]
public sealed class UsageTests(RunningSystem system) : IngestTest(system)
{
    const int Game = 1, Runner = 2, Gone = 3;
    const int Shuffles = 12;
    const long GiB = 1L << 30;

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    [Fact]
    public async Task Lists_in_any_order_and_more_than_once_leave_the_same_sums()
    {
        // In the middle of an hour of long ago: all of it lies in one
        var origin = DateTimeOffset.UtcNow.AddDays(-1);
        origin = new DateTimeOffset(origin.Year, origin.Month, origin.Day, origin.Hour, 30, 0, TimeSpan.Zero);
        var nodes = await PublishInAnyOrderAsync(origin, Story, ticks: 6);

        var question = $"node={nodes[0].NodeId}&start_date={Instant(origin)}&end_date={Instant(origin.AddMinutes(20))}";
        var sessions = (await GetAsync<ProcessSessionPage>($"{Routes.ProcessSessions}?{question}")).Sessions.ToDictionary(session => session.Pid);
        AssertGame(sessions[Game], origin);
        Assert.Equal((50, null, null, origin.AddSeconds(60)), (sessions[Runner].MeasuredSeconds, sessions[Runner].SmSeconds, sessions[Runner].EnergyJoules, sessions[Runner].To));
        var hours = (await GetAsync<KindUsage>($"{Routes.KindUsage}?{question}")).Hours;
        Assert.Equal([((WorkloadKind?)WorkloadKind.Gaming, 30d, (double?)25d), (null, 50d, (double?)null)], hours.Select(hour => (hour.Kind, hour.PresentSeconds, hour.SmSeconds)));
        Assert.Equal([Game], (await GetAsync<ProcessSessionPage>($"{Routes.ProcessSessions}?{question}&kind=gaming")).Sessions.Select(session => session.Pid));
    }

    [Fact]
    public async Task Time_over_a_full_hour_is_divided_there_in_any_order()
    {
        var origin = DateTimeOffset.UtcNow.AddDays(-1);
        origin = new DateTimeOffset(origin.Year, origin.Month, origin.Day, origin.Hour, 0, 0, TimeSpan.Zero);
        var nodes = await PublishInAnyOrderAsync(origin, HourStory, ticks: 6);

        // By process and hour: all of its time, and the part of it after the last list of the hour
        Assert.Equal(
            [(Game, 0, 17_000L, 0L), (Runner, -1, 25_000L, 5_000L), (Runner, 0, 15_000L, 0L), (Gone, -1, 10_000L, 0L), (Gone, 0, 10_000L, 0L)],
            await TimesAsync(nodes[0], origin));
        var question = $"node={nodes[0].NodeId}&start_date={Instant(origin.AddMinutes(-1))}&end_date={Instant(origin.AddMinutes(1))}";
        var hours = (await GetAsync<KindUsage>($"{Routes.KindUsage}?{question}")).Hours;
        Assert.Equal([(-60d, 25d), (0d, 15d)], hours.Select(hour => ((hour.Hour - origin).TotalMinutes, hour.PresentSeconds)));
        var sessions = (await GetAsync<ProcessSessionPage>($"{Routes.ProcessSessions}?{question}")).Sessions.ToDictionary(session => session.Pid, session => session.MeasuredSeconds);
        Assert.Equal((40, 17, 20), (sessions[Runner], sessions[Game], sessions[Gone]));
    }

    // Once as it was, once backwards, and shuffled with some of it twice: all must leave the same rows
    async Task<List<TestNode>> PublishInAnyOrderAsync(DateTimeOffset origin, Func<TestNode, List<object>> tell, int ticks)
    {
        var nodes = Enumerable.Range(0, 2 + Shuffles).Select(_ => new TestNode { Origin = origin }).ToList();
        for (var i = 0; i < nodes.Count; i++)
        {
            var story = tell(nodes[i]).ToArray();
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
            (await Task.WhenAll(nodes.Select(node => CountAsync("gpu_sample", node)))).All(count => count == ticks));
        var expected = await HoursAsync(nodes[0]);
        for (var i = 1; i < nodes.Count; i++)
        {
            Assert.Equal((i, expected), (i, await HoursAsync(nodes[i])));
        }

        return nodes;
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

    /// <summary>Lists on both sides of a full hour: one process is there all the time, one began since the last list before it, one is missing on that list.</summary>
    static List<object> HourStory(TestNode node) =>
    [
        Tick(node, -25, 1000, Runs(node), Leaves(node)),
        Tick(node, -15, 2000, Runs(node), Leaves(node)),
        Tick(node, -5, 3000, Runs(node)),
        Tick(node, 5, 4000, Runs(node), Plays(node, 50) with { StartedAt = node.At(-2) }, Leaves(node)),
        Tick(node, 15, 5000, Runs(node), Plays(node, 50) with { StartedAt = node.At(-2) }),
        Tick(node, 25, 6000),
    ];

    static GpuProcessUsage Leaves(TestNode node) => Runs(node) with { Pid = Gone };

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

    async Task<List<(int Pid, int Hour, long MeasuredMs, long RestMs)>> TimesAsync(TestNode node, DateTimeOffset origin)
    {
        await using var command = Database.CreateCommand("""
            select pid, (extract(epoch from hour - $2) / 3600)::int, measured_ms, rest_ms from process_hour where node_id = $1 order by pid, hour
            """);
        command.Parameters.Add(new() { Value = node.NodeId });
        command.Parameters.Add(new() { Value = origin.UtcDateTime });
        await using var reader = await command.ExecuteReaderAsync();
        var times = new List<(int, int, long, long)>();
        while (await reader.ReadAsync())
        {
            times.Add((reader.GetInt32(0), reader.GetInt32(1), reader.GetInt64(2), reader.GetInt64(3)));
        }

        return times;
    }

    async Task<T> GetAsync<T>(string path)
    {
        using var client = Running.App.CreateHttpClient("history");
        return (await client.GetFromJsonAsync<T>(path, Json))!;
    }
}
