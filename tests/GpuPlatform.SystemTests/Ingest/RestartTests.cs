using System.Text.Json;
using GpuPlatform.Contracts;

namespace GpuPlatform.SystemTests.Ingest;

/// <summary>History dies in the middle of its work.</summary>
[Collection(nameof(RunningSystem))]
public sealed class RestartTests(RunningSystem system) : IngestTest(system)
{
    const int Killed = 300, Missed = 300, Total = 900;

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    [Fact]
    public async Task History_killed_under_load_loses_nothing_and_comes_back_with_what_it_knew()
    {
        var (quiet, busy) = (new TestNode(), new TestNode(secondsAgo: 2000));
        await Publisher.PublishAsync(quiet.Heartbeat(0));
        var tick = quiet.Tick(0, [quiet.Usage(1, 5), quiet.Usage(2, 9) with { SmPercent = 30 }, quiet.Usage(3)]);
        await Publisher.PublishAsync(tick with
        {
            Gpus = [tick.Gpus[0] with { EnergyJoules = 17, Details = new() { SmClockMegahertz = 1500, Fans = [new() { SpeedPercent = 40 }] } }],
        });
        foreach (var (pid, kind) in new[] { (1, WorkloadKind.Gaming), (2, WorkloadKind.MlTraining), (3, WorkloadKind.Video) })
        {
            await Publisher.PublishAsync(quiet.Observed(pid, ProcessChange.Started, 0, memoryBytes: quiet.Usage(pid, pid).MemoryUsedBytes));
            await Publisher.PublishAsync(quiet.Verdict(pid, kind, 0));
        }

        await Publisher.PublishAsync(quiet.Observed(3, ProcessChange.Exited, 1));
        await Publisher.FenceAsync();
        var before = await StateAsync(quiet);
        Assert.Equal(2, (await SnapshotAsync(quiet))!.Processes.Count);

        await SendAsync(busy, 0, Killed);
        await KillAsync();
        await SendAsync(busy, Killed, Missed);
        await Running.App.ResourceCommands.ExecuteCommandAsync("history", KnownResourceCommands.StartCommand);
        await SendAsync(busy, Killed + Missed, Total - Killed - Missed);
        await Running.App.ResourceNotifications.WaitForResourceHealthyAsync("history");

        await Eventually.Holds("every message is stored", async () =>
            (await CountAsync("host_sample", busy), await CountAsync("gpu_sample", busy)) == (Total, Total));
        await Publisher.FenceAsync();
        Assert.Equal((Total, Total), (await CountAsync("host_sample", busy), await CountAsync("gpu_sample", busy)));
        Assert.Equal(before, await StateAsync(quiet));
        Assert.Equal(busy.At(Total - 1), (await SnapshotAsync(busy))!.GpusSampledAt);
    }

    [Fact]
    public async Task A_message_older_than_the_restart_brings_no_ended_process_back()
    {
        var node = new TestNode();
        await Publisher.PublishAsync(node.Tick(0, [node.Usage(1), node.Usage(2)]));
        await Publisher.PublishAsync(node.Tick(4, [node.Usage(2)]));
        await Publisher.FenceAsync();

        await KillAsync();
        await Running.App.ResourceCommands.ExecuteCommandAsync("history", KnownResourceCommands.StartCommand);
        await Running.App.ResourceNotifications.WaitForResourceHealthyAsync("history");
        await Publisher.PublishAsync(node.Tick(2, [node.Usage(1), node.Usage(2)]));
        await Publisher.PublishAsync(node.Observed(1, ProcessChange.Changed, 2));
        await Publisher.FenceAsync();

        Assert.Equal([2], (await SnapshotAsync(node))!.Processes.Select(process => process.Pid));
        Assert.Equal(1, await RawPublisher.CountAsync(Database, "select count(*) from gpu_process where node_id = $1 and ended_at is null", node.NodeId));
    }

    /// <summary>Ends when the engine knows of it: until then a start would find the service running.</summary>
    async Task KillAsync()
    {
        Processes.Signal("KILL", Processes.ListeningOn(Running.App.GetEndpoint("history", "http").Port)!.Value);
        await Running.App.ResourceNotifications.WaitForResourceAsync("history", KnownResourceStates.Exited);
    }

    async Task SendAsync(TestNode node, int first, int count)
    {
        foreach (var second in Enumerable.Range(first, count))
        {
            await Publisher.PublishAsync(node.Heartbeat(second));
            await Publisher.PublishAsync(node.Tick(second));
        }
    }

    /// <summary>All but staleness, which time decides, and the lists inside the sample, of which the processes are made.</summary>
    async Task<string> StateAsync(TestNode node)
    {
        var snapshot = (await SnapshotAsync(node))!;
        return JsonSerializer.Serialize(snapshot with { Stale = false, Gpus = [.. snapshot.Gpus.Select(gpu => gpu with { Processes = null })] }, Json);
    }
}
