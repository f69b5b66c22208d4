using System.Diagnostics;
using System.Net.Sockets;

namespace GpuPlatform.SystemTests.Ingest;

[Collection(nameof(RunningSystem))]
public sealed class LiveFeedTests(RunningSystem system) : IngestTest(system)
{
    [Fact]
    public async Task A_new_subscriber_gets_every_known_node_at_once()
    {
        var silent = Enumerable.Range(0, 20).Select(_ => new TestNode()).ToList();
        foreach (var node in silent)
        {
            await Publisher.PublishAsync(node.Heartbeat(0));
        }

        await Publisher.FenceAsync();
        var missing = (await Running.GetRealtimeAsync()).Nodes.Select(node => node.NodeId).ToHashSet(StringComparer.Ordinal);
        Assert.Superset(silent.Select(node => node.NodeId).ToHashSet(StringComparer.Ordinal), missing);

        // None of these nodes sends anything more: what arrives is what the feed begins with.
        await using var feed = await LiveFeed.OpenAsync(Running);
        while (missing.Count > 0)
        {
            missing.Remove((await feed.NextAsync(_ => true)).NodeId);
        }
    }

    [Fact]
    public async Task A_subscriber_that_never_reads_holds_nobody_up()
    {
        const int Ticks = 200;
        var node = new TestNode(secondsAgo: 1000);
        // Each state is some 50 kB: together far more than the buffers on the way hold.
        var tick = node.Tick(0) with { Gpus = [.. Enumerable.Range(0, 200).Select(i => node.Gpu with { Uuid = $"{node.GpuUuid}-{i}", Index = i })] };
        var deaf = new List<Socket>();
        try
        {
            for (var i = 0; i < 5; i++)
            {
                deaf.Add(await LiveFeed.OpenDeafAsync(Running));
            }

            await Eventually.Holds("they are subscribed", async () => await MetricAsync("gpuplatform_history_live_subscribers", "") >= deaf.Count);
            await using var feed = await LiveFeed.OpenAsync(Running);
            var reading = feed.NextAsync(snapshot => snapshot.NodeId == node.NodeId && snapshot.GpusSampledAt == node.At(Ticks - 1));
            for (var second = 0; second < Ticks; second++)
            {
                await Publisher.PublishAsync(tick with { SampledAt = node.At(second) });
            }

            Assert.Equal(200, (await reading).Gpus.Count);
            await Eventually.Holds("every reading is stored", async () => await CountAsync("gpu_sample", node) == Ticks * 200);
            await AssertHealthyAsync();
        }
        finally
        {
            deaf.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task A_node_that_falls_silent_is_said_to_be_stale()
    {
        var node = new TestNode(secondsAgo: 0);
        await using var feed = await LiveFeed.OpenAsync(Running);
        await Publisher.PublishAsync(node.Heartbeat(0));

        var fresh = await feed.NextAsync(snapshot => snapshot.NodeId == node.NodeId);
        var silence = Stopwatch.StartNew();
        var stale = await feed.NextAsync(snapshot => snapshot.NodeId == node.NodeId);
        silence.Stop();
        await Publisher.PublishAsync(node.Heartbeat(1));
        var back = await feed.NextAsync(snapshot => snapshot.NodeId == node.NodeId);

        Assert.Equal((false, true, false), (fresh.Stale, stale.Stale, back.Stale));
        Assert.Equal(fresh.LastSeenAt, stale.LastSeenAt);
        Assert.True(silence.Elapsed > TimeSpan.FromSeconds(8), $"stale after {silence.Elapsed}");
    }
}
