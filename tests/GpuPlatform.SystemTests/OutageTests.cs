using Npgsql;

namespace GpuPlatform.SystemTests;

/// <summary>Servers are killed with SIGKILL under a running system. Every test leaves the system healthy for the next.</summary>
[Collection(nameof(RunningSystem))]
public sealed class OutageTests(RunningSystem system)
{
    /// <summary>At one tick every 2 s, ten more waiting messages mean that the outage has lasted 20 s.</summary>
    const int MessagesOfAnOutage = 10;

    [Fact]
    public async Task A_broker_killed_for_20_seconds_loses_no_sample_and_adds_no_duplicate()
    {
        await WaitUntilDeliveredAsync();
        var connection = new Uri((await system.App.GetConnectionStringAsync("messaging"))!);
        var broker = Processes.ListeningOn(connection.Port) ?? throw new InvalidOperationException("no broker listens");

        Processes.Signal("KILL", broker);
        await Eventually.Holds("20 s worth of messages wait in the collector", async () => await CollectorMetricAsync(QueuedMessages) >= MessagesOfAnOutage);
        await system.App.ResourceCommands.ExecuteCommandAsync("messaging", KnownResourceCommands.StartCommand);
        await system.App.ResourceNotifications.WaitForResourceHealthyAsync("messaging");

        await AssertEverySampleIsStoredOnceAsync();
    }

    [Fact]
    public async Task A_database_killed_for_a_while_loses_no_sample_and_adds_no_duplicate()
    {
        await WaitUntilDeliveredAsync();
        var database = new NpgsqlConnectionStringBuilder(await system.App.GetConnectionStringAsync("history-db"));
        var postmaster = Processes.ListeningOn(database.Port) ?? throw new InvalidOperationException("no database listens");
        var ticksBefore = await TicksAsync();

        Processes.Signal("KILL", postmaster);
        await Eventually.Holds("the collector has gone on sampling", async () => await TicksAsync() >= ticksBefore + 5);
        await system.App.ResourceCommands.ExecuteCommandAsync("postgres", KnownResourceCommands.StartCommand);
        await system.App.ResourceNotifications.WaitForResourceHealthyAsync("postgres");

        await AssertEverySampleIsStoredOnceAsync();
    }

    const string QueuedMessages = "gpuplatform_uplink_queued";

    const string Ticks = "gpuplatform_gpu_samples_total";

    async Task AssertEverySampleIsStoredOnceAsync()
    {
        await WaitUntilDeliveredAsync();
        var ticks = await TicksAsync();
        await Eventually.Holds("every sample is stored", async () => await StoredAsync() >= ticks);
        var stored = await StoredAsync();
        Assert.InRange(stored, ticks, await TicksAsync());
        Assert.Equal(0, await CollectorMetricAsync("gpuplatform_uplink_dropped_total") ?? 0);
        await WaitUntilHealthyAsync();
    }

    /// <summary>Consumers come back at their own pace; the next test must find them there.</summary>
    async Task WaitUntilHealthyAsync()
    {
        foreach (var resource in (string[])["collector", "classifier", "history", "web"])
        {
            using var client = system.App.CreateHttpClient(resource);
            await Eventually.Holds($"{resource} is healthy", async () => (await client.GetAsync(new Uri("/health", UriKind.Relative))).IsSuccessStatusCode);
        }
    }

    Task WaitUntilDeliveredAsync() =>
        Eventually.Holds("nothing waits in the collector", async () => await CollectorMetricAsync(QueuedMessages) == 0);

    async Task<long> TicksAsync() => (long)(await CollectorMetricAsync(Ticks) ?? throw new InvalidOperationException("no tick counter"));

    async Task<double?> CollectorMetricAsync(string metric) => Prometheus.Read(await system.GetMetricsAsync("collector"), metric);

    /// <summary>Rows of one simulated GPU: the collector sampled it from its first tick on, so they are as many as the ticks since it was started.</summary>
    async Task<long> StoredAsync()
    {
        using var collector = System.Diagnostics.Process.GetProcessById(Processes.ListeningOn(system.App.GetEndpoint("collector", "http").Port)!.Value);
        await using var database = await system.OpenDatabaseAsync();
        await using var command = database.CreateCommand(
            "select count(*) from gpu_sample where gpu_uuid = (select min(gpu_uuid) from gpu where node_id like '%-simulated') and sampled_at >= $1");
        command.Parameters.Add(new() { Value = collector.StartTime.ToUniversalTime() });
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
