using System.Net.Http.Json;
using System.Text.Json;
using GpuPlatform.Contracts;

namespace GpuPlatform.SystemTests;

/// <summary>The broker dies, and then the collector that keeps what the broker does not take.</summary>
[Collection(nameof(RunningSystem))]
public sealed class SpoolTests(RunningSystem system)
{
    const int TicksOfTheOutage = 4;

    [Fact]
    public async Task A_collector_killed_while_the_broker_is_down_delivers_every_sample_when_both_are_back()
    {
        using var collector = system.App.CreateHttpClient("collector");
        var broker = new Uri((await system.App.GetConnectionStringAsync("messaging"))!);
        var sampled = new HashSet<DateTimeOffset>();
        await Eventually.Holds("nothing waits in the collector", async () => await WaitingAsync() == 0);
        var ticksBefore = await TicksAsync();

        Processes.Signal("KILL", Processes.ListeningOn(broker.Port)!.Value);
        await Eventually.Holds("the collector has gone on sampling", async () =>
        {
            sampled.Add(await SampledAtAsync(collector));
            return await TicksAsync() >= ticksBefore + TicksOfTheOutage;
        });
        // What waited by now is safe as soon as so much is on disk: a message that waits longer than the window is written, in order
        var waiting = await WaitingAsync();
        await Eventually.Holds("what waits is on disk", async () => await MetricAsync("gpuplatform_uplink_spool_messages") >= waiting);
        Processes.Signal("KILL", Processes.ListeningOn(system.App.GetEndpoint("collector", "http").Port)!.Value);
        await system.App.ResourceNotifications.WaitForResourceAsync("collector", KnownResourceStates.Exited);

        await StartAsync("collector");
        await Eventually.Holds("the collector knows what waits on disk", async () => await MetricAsync("gpuplatform_uplink_spool_messages") >= waiting);
        await StartAsync("messaging");
        await system.App.ResourceNotifications.WaitForResourceHealthyAsync("messaging");
        await Eventually.Holds("nothing waits in the collector", async () => await WaitingAsync() == 0);

        Assert.True(sampled.Count >= TicksOfTheOutage, $"only {sampled.Count} samples were seen");
        await Eventually.Holds("every sample is stored", async () => sampled.IsSubsetOf(await StoredAsync()));
        var stored = await StoredAsync();
        Assert.Equal(stored.Count, stored.Distinct().Count());
        Assert.Equal(0, await MetricAsync("gpuplatform_uplink_dropped_total"));
        await Eventually.Holds("the system is healthy", async () => (await collector.GetAsync(new Uri("/health", UriKind.Relative))).IsSuccessStatusCode);
    }

    async Task StartAsync(string resource) => await system.App.ResourceCommands.ExecuteCommandAsync(resource, KnownResourceCommands.StartCommand);

    static async Task<DateTimeOffset> SampledAtAsync(HttpClient collector) =>
        (await collector.GetFromJsonAsync<JsonElement>(Routes.GpuDevices)).GetProperty("sampled_at").GetDateTimeOffset();

    async Task<double> WaitingAsync() => await MetricAsync("gpuplatform_uplink_queued");

    async Task<double> TicksAsync() => await MetricAsync("gpuplatform_gpu_samples_total");

    async Task<double> MetricAsync(string metric) =>
        Prometheus.Read(await system.GetMetricsAsync("collector"), metric) ?? throw new InvalidOperationException($"no {metric}");

    async Task<List<DateTimeOffset>> StoredAsync()
    {
        await using var database = await system.OpenDatabaseAsync();
        await using var command = database.CreateCommand(
            "select sampled_at from gpu_sample where gpu_uuid = (select min(gpu_uuid) from gpu where node_id like '%-simulated')");
        await using var reader = await command.ExecuteReaderAsync();
        var stored = new List<DateTimeOffset>();
        while (await reader.ReadAsync()) stored.Add(await reader.GetFieldValueAsync<DateTimeOffset>(0));
        return stored;
    }
}
