using System.Net;
using GpuPlatform.Contracts;
using Npgsql;

namespace GpuPlatform.SystemTests.Ingest;

/// <summary>What the ingest tests share: a publisher, the database, and History as its users see it.</summary>
public abstract class IngestTest(RunningSystem system) : IAsyncLifetime
{
    RawPublisher? _publisher;
    NpgsqlDataSource? _database;

    internal RunningSystem Running => system;

    internal RawPublisher Publisher => _publisher!;

    internal NpgsqlDataSource Database => _database!;

    public async ValueTask InitializeAsync()
    {
        _publisher = await RawPublisher.ConnectAsync(system);
        _database = await system.OpenDatabaseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _publisher!.DisposeAsync();
        await _database!.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    internal Task<long> CountAsync(string table, TestNode node) =>
        RawPublisher.CountAsync(Database, $"select count(*) from {table} where node_id = $1", node.NodeId);

    internal async Task<NodeSnapshot?> SnapshotAsync(TestNode node) =>
        (await system.GetRealtimeAsync()).Nodes.SingleOrDefault(known => known.NodeId == node.NodeId);

    internal async Task<double> MetricAsync(string metric, string label) =>
        Prometheus.Read(await system.GetMetricsAsync("history"), metric, label) ?? 0;

    internal async Task AssertHealthyAsync()
    {
        using var client = system.App.CreateHttpClient("history");
        await Eventually.Holds("History is healthy", async () =>
            (await client.GetAsync(new Uri("/health", UriKind.Relative))).StatusCode == HttpStatusCode.OK);
    }
}
