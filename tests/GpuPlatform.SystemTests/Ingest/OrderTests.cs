using System.Text.Json;
using GpuPlatform.Contracts;

namespace GpuPlatform.SystemTests.Ingest;

/// <summary>Messages overtake each other; the outcome is that of the right order.</summary>
[Collection(nameof(RunningSystem))]
public sealed class OrderTests(RunningSystem system) : IngestTest(system)
{
    const int Shuffles = 30;
    const int Lasting = 1, Killed = 2, Exiting = 3, Late = 4;

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    [Fact]
    public async Task Any_order_leaves_the_rows_and_the_live_state_of_the_right_order()
    {
        var origin = new TestNode().Origin;
        var nodes = Enumerable.Range(0, 2 + Shuffles).Select(_ => new TestNode { Origin = origin }).ToList();
        var orders = nodes.Select(Story).ToList();
        orders[1].Reverse();
        for (var i = 2; i < orders.Count; i++)
        {
            var order = orders[i].ToArray();
            new Random(i).Shuffle(order);
            orders[i] = [.. order];
        }

        // Step by step for all nodes: two messages of one node are so far apart that they are not stored at the same time.
        for (var step = 0; step < orders[0].Count; step++)
        {
            foreach (var order in orders)
            {
                await order[step]();
            }
        }

        await Publisher.FenceAsync();
        var expected = await Eventually.Get("the right order leaves what it should", async () =>
            await SnapshotAsync(nodes[0]) is { } snapshot && snapshot.Processes.All(process => process.Kind is not null) ? snapshot : null);
        Assert.Equal([Lasting], expected.Processes.Select(process => process.Pid));
        Assert.Equal(("renamed", 300, WorkloadKind.Gaming), (expected.Processes[0].Name, expected.Processes[0].MemoryUsedBytes, expected.Processes[0].Kind));
        Assert.Equal(42, Assert.Single(expected.Gpus).UtilizationPercent);
        for (var i = 1; i < nodes.Count; i++)
        {
            await AssertSameAsync(nodes[0], nodes[i], $"order {i}");
        }
    }

    [Fact]
    public async Task The_newest_list_closes_what_a_killed_collector_left_open()
    {
        var node = new TestNode();
        await Publisher.PublishAsync(node.Observed(Killed, ProcessChange.Started, 0));
        await Publisher.PublishAsync(node.Tick(2, [node.Usage(Killed), node.Usage(Lasting)]));
        await Publisher.FenceAsync();
        Assert.Equal([Lasting, Killed], (await SnapshotAsync(node))!.Processes.Select(process => process.Pid));

        await Publisher.PublishAsync(node.Tick(4));
        await Publisher.FenceAsync();
        Assert.Equal(2, (await SnapshotAsync(node))!.Processes.Count);

        await Publisher.PublishAsync(node.Tick(6, [node.Usage(Lasting)]));
        await Publisher.FenceAsync();
        Assert.Equal([Lasting], (await SnapshotAsync(node))!.Processes.Select(process => process.Pid));

        // Late, from before the list: the process was there then and is gone now.
        await Publisher.PublishAsync(node.Tick(3, [node.Usage(Killed), node.Usage(Lasting), node.Usage(Exiting)]));
        await Publisher.PublishAsync(node.Observed(Late, ProcessChange.Started, 3));
        await Publisher.FenceAsync();
        Assert.Equal([Lasting], (await SnapshotAsync(node))!.Processes.Select(process => process.Pid));
        Assert.Equal(3, await EndedAtAsync(node, 6));
    }

    /// <summary>Twelve seconds of a host, in order. A tick's instant is also that of the changes found in it, as collectors send them.</summary>
    List<Func<Task>> Story(TestNode node) =>
    [
        () => Publisher.PublishAsync(node.Heartbeat(0)),
        () => Publisher.PublishAsync(node.Tick(0, [node.Usage(Lasting, 100), node.Usage(Killed)])),
        () => Publisher.PublishAsync(node.Observed(Lasting, ProcessChange.Started, 0, memoryBytes: 100)),
        () => Publisher.PublishAsync(node.Observed(Killed, ProcessChange.Started, 0)),
        () => Publisher.PublishAsync(node.Verdict(Lasting, WorkloadKind.Desktop, 0)),
        () => Publisher.PublishAsync(node.Tick(2, [node.Usage(Lasting, 500), node.Usage(Killed), node.Usage(Exiting)])),
        () => Publisher.PublishAsync(node.Observed(Exiting, ProcessChange.Started, 2, memoryBytes: 70)),
        () => Publisher.PublishAsync(node.Verdict(Exiting, WorkloadKind.Video, 2)),
        () => Publisher.PublishAsync(node.Tick(4)),
        () => Publisher.PublishAsync(node.Observed(Lasting, ProcessChange.Changed, 6, "renamed", 300)),
        () => Publisher.PublishAsync(node.Verdict(Lasting, WorkloadKind.Gaming, 6)),
        () => Publisher.PublishAsync(node.Tick(6, [node.Usage(Lasting, 300), node.Usage(Exiting)])),
        () => Publisher.PublishAsync(node.Tick(8, [node.Usage(Lasting, 300)])),
        () => Publisher.PublishAsync(node.Observed(Exiting, ProcessChange.Exited, 8)),
        () => Publisher.PublishAsync(node.Tick(10, [node.Usage(Lasting, 300)])),
        () => Publisher.PublishAsync(node.Heartbeat(10) with { CpuPercent = 77, MemoryUsedBytes = null }),
        () => Publisher.PublishAsync(node.Tick(12) with { Gpus = [node.Gpu with { UtilizationPercent = 42, PowerWatts = null }] }),
    ];

    async Task AssertSameAsync(TestNode expected, TestNode actual, string order)
    {
        // The classifier's verdicts come when it has the time.
        var (right, got) = ("", "?");
        try
        {
            await Eventually.Holds(order, async () => (right = await StateAsync(expected)) == (got = await StateAsync(actual)), TimeSpan.FromSeconds(20));
        }
        catch (TimeoutException)
        {
            Assert.Equal((order, right), (order, got));
        }
    }

    /// <summary>Everything that is known of a node, without its own ids.</summary>
    async Task<string> StateAsync(TestNode node)
    {
        await using var command = Database.CreateCommand("""
            select string_agg(row, e'\n' order by row) from (
                select 'process ' || (to_jsonb(p) - 'node_id' - 'gpu_uuid')::text as row from gpu_process p where node_id = $1
                union all select 'verdict ' || (to_jsonb(v) - 'node_id')::text from process_verdict v where node_id = $1
                union all select 'gpu ' || (to_jsonb(g) - 'node_id' - 'gpu_uuid')::text from gpu g where node_id = $1
                union all select 'tick ' || (to_jsonb(s) - 'node_id' - 'gpu_uuid')::text from gpu_sample s where node_id = $1
                union all select 'node ' || (to_jsonb(n) - 'node_id')::text from node n where node_id = $1
                union all select 'host ' || (to_jsonb(h) - 'node_id')::text from host_sample h where node_id = $1) rows
            """);
        command.Parameters.Add(new() { Value = node.NodeId });
        // A list of processes is not part of what is shown of a GPU, and silence comes when it comes.
        var snapshot = await SnapshotAsync(node) is { } known ? known with { Stale = false } : null;
        return $"{await command.ExecuteScalarAsync()}\n{JsonSerializer.Serialize(snapshot, Json).Replace(node.NodeId, "node", StringComparison.Ordinal)}";
    }

    Task<long> EndedAtAsync(TestNode node, double seconds) => RawPublisher.CountAsync(Database,
        $"select count(*) from gpu_process where node_id = $1 and ended_at = '{node.At(seconds):O}'", node.NodeId);
}
