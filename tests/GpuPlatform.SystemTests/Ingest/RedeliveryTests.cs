using GpuPlatform.Contracts;

namespace GpuPlatform.SystemTests.Ingest;

/// <summary>The broker delivers at least once.</summary>
[Collection(nameof(RunningSystem))]
public sealed class RedeliveryTests(RunningSystem system) : IngestTest(system)
{
    const int Deliveries = 3;

    [Fact]
    public async Task A_message_that_comes_three_times_leaves_one_row_and_is_counted()
    {
        var node = new TestNode();
        var before = await DuplicatesAsync();

        for (var delivery = 0; delivery < Deliveries; delivery++)
        {
            await Publisher.PublishAsync(node.Heartbeat(0));
            await Publisher.PublishAsync(node.Tick(0, [node.Usage(7)]));
            await Publisher.PublishAsync(node.Observed(7, ProcessChange.Started, 0));
            await Publisher.PublishAsync(node.Verdict(7, WorkloadKind.Gaming, 0));
        }

        await Publisher.FenceAsync();
        foreach (var table in (string[])["node", "host_sample", "gpu", "gpu_sample", "gpu_process", "process_verdict"])
        {
            Assert.Equal((table, 1), (table, await CountAsync(table, node)));
        }

        var after = await DuplicatesAsync();
        Assert.All(before, type => Assert.True(after[type.Key] >= type.Value + Deliveries - 1, $"{type.Key}: {type.Value}, then {after[type.Key]}"));
        var process = Assert.Single((await SnapshotAsync(node))!.Processes);
        Assert.Equal((7, WorkloadKind.Gaming), (process.Pid, process.Kind));
    }

    [Fact]
    public async Task A_second_message_of_the_same_instant_does_not_change_the_first()
    {
        var node = new TestNode();
        await Publisher.PublishAsync(node.Tick(0));
        await Publisher.FenceAsync();

        await Publisher.PublishAsync(node.Tick(0) with { Gpus = [node.Gpu with { UtilizationPercent = 99 }] });
        await Publisher.FenceAsync();

        Assert.Equal(50, Assert.Single((await SnapshotAsync(node))!.Gpus).UtilizationPercent);
        Assert.Equal(1, await RawPublisher.CountAsync(Database, "select count(*) from gpu_sample where node_id = $1 and utilization_percent = 50", node.NodeId));
    }

    async Task<Dictionary<string, double>> DuplicatesAsync()
    {
        var counts = new Dictionary<string, double>();
        foreach (var type in (string[])["host-sampled", "gpu-sampled", "process-observed", "process-classified"])
        {
            counts[type] = await MetricAsync("gpuplatform_history_duplicates_total", $"type=\"{type}\"");
        }

        return counts;
    }
}
