using GpuPlatform.Contracts;
using GpuPlatform.History;
using GpuPlatform.History.Storage;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace GpuPlatform.Benchmarks;

/// <summary>A tick of readings into PostgreSQL with fsync on: the store, the same rows through EF Core, the same statements fed by arrays.</summary>
internal static class Ingest
{
    private const int HostsAtOnce = 8;
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);

    public static async Task RunAsync()
    {
        var (servers, connectionString) = await LocalServers.PostgresAsync();
        await using var _ = servers;
        var options = new HistoryOptions();
        await using var databases = Databases.Open(connectionString, options.CommandTimeout, options.IngestConcurrency);
        var contexts = new DbContextOptionsBuilder<HistoryContext>().UseNpgsql(databases.Queries).Options;
        await using (var context = new HistoryContext(contexts))
            await context.Database.MigrateAsync();
        await using var plain = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(databases.Ingest.ConnectionString)
        {
            // The builder of the data source leaves the password out of what it shows
            Password = new NpgsqlConnectionStringBuilder(connectionString).Password,
        });
        var store = new GpuSampleStore(databases);
        var arrays = new ArrayIngest(plain);

        foreach (var gpus in (int[])[8, 1])
        {
            var size = $"{gpus}gpu";
            await Comparison.RunAsync($"ingest, {gpus} GPU(s)", "message", unitsPerCall: 1,
                Saving("GpuSampleStore", $"ours-{size}", gpus, 0, message => store.SaveAsync(message, CancellationToken.None)),
                Saving("EF Core SaveChanges, same rows, nothing checked", $"ef-{size}", gpus, 0, message => SaveByEfAsync(contexts, message)),
                Saving("same statements from unnest(arrays)", $"arrays-{size}", gpus, 0, arrays.SaveAsync));
        }

        await Comparison.RunAsync("ingest, 8 GPUs with 4 processes each", "message", unitsPerCall: 1,
            Saving("GpuSampleStore", "ours-processes", 8, 4, message => store.SaveAsync(message, CancellationToken.None)),
            Saving("same statements from unnest(arrays)", "arrays-processes", 8, 4, arrays.SaveAsync));
        await Comparison.RunAsync("ingest, 8 GPUs with details", "message", unitsPerCall: 1,
            Saving("GpuSampleStore, tick with details", "ours-details", 8, 0, message => store.SaveAsync(message, CancellationToken.None), withDetails: true),
            Saving("GpuSampleStore, tick between", "ours-between", 8, 0, message => store.SaveAsync(message, CancellationToken.None)));
        await Comparison.RunAsync($"ingest, {HostsAtOnce} hosts at once, 8 GPUs each", "message", HostsAtOnce,
            SavingAtOnce("GpuSampleStore", "ours", message => store.SaveAsync(message, CancellationToken.None)),
            SavingAtOnce("same statements from unnest(arrays)", "arrays", arrays.SaveAsync));
        await CheckAsync(plain);
    }

    private static Contender Saving(string name, string node, int gpus, int processes, Func<GpuSampled, Task> save, bool withDetails = false)
    {
        var tick = 0;
        return new Contender(name, () => save(Messages.Tick(node, Start.AddSeconds(2 * tick++), gpus, processes, withDetails)));
    }

    private static Contender SavingAtOnce(string name, string node, Func<GpuSampled, Task> save)
    {
        var hosts = Enumerable.Range(0, HostsAtOnce).Select(host => Saving(name, $"{node}-host{host}", 8, 0, save)).ToList();
        return new Contender(name, () => Task.WhenAll(hosts.Select(host => host.Work())));
    }

    /// <summary>Inserts readings, and updates what is known of the GPUs; the first tick makes them known.</summary>
    private static async Task SaveByEfAsync(DbContextOptions<HistoryContext> contexts, GpuSampled message)
    {
        await using var context = new HistoryContext(contexts);
        foreach (var gpu in message.Gpus)
        {
            var row = new GpuRow
            {
                GpuUuid = gpu.Uuid, NodeId = message.NodeId, Index = gpu.Index, Name = gpu.Name, FirstSeenAt = Start, LastSeenAt = message.SampledAt,
            };
            if (message.SampledAt == Start)
                context.Gpus.Add(row);
            else
                context.Gpus.Attach(row).Property(known => known.LastSeenAt).IsModified = true;
            context.GpuSamples.Add(new GpuSampleRow
            {
                GpuUuid = gpu.Uuid, SampledAt = message.SampledAt, NodeId = message.NodeId, UtilizationPercent = gpu.UtilizationPercent,
                MemoryUtilizationPercent = gpu.MemoryUtilizationPercent, MemoryTotalBytes = gpu.MemoryTotalBytes, MemoryUsedBytes = gpu.MemoryUsedBytes,
                MemoryFreeBytes = gpu.MemoryFreeBytes, MemoryReservedBytes = gpu.MemoryReservedBytes, TemperatureCelsius = gpu.TemperatureCelsius,
                PowerWatts = gpu.PowerWatts, PowerLimitWatts = gpu.PowerLimitWatts, EnergyJoules = gpu.EnergyJoules, Error = gpu.Error,
            });
        }

        await context.SaveChangesAsync();
    }

    /// <summary>Every contender must have stored readings, and its GPUs as last seen at the newest of them.</summary>
    private static async Task CheckAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("""
            SELECT count(*) FROM gpu JOIN (SELECT gpu_uuid, max(sampled_at) AS newest FROM gpu_sample GROUP BY gpu_uuid) AS sample USING (gpu_uuid)
            WHERE last_seen_at = newest
            """);
        var agreeing = (long)(await command.ExecuteScalarAsync())!;
        // Contenders × GPUs: alone with 8 and with 1, with processes, with details, at once
        if (agreeing != (3 * (8 + 1)) + (2 * 8) + (2 * 8) + (2 * HostsAtOnce * 8))
            throw new InvalidOperationException($"{agreeing} GPUs were stored with their readings");
        await using var open = database.CreateCommand("SELECT count(*) FROM gpu_process WHERE ended_at IS NULL");
        if ((long)(await open.ExecuteScalarAsync())! is var processes and not 2 * 8 * 4)
            throw new InvalidOperationException($"{processes} processes are open");
        await using var kept = database.CreateCommand("SELECT count(*) FROM gpu_latest_detail JOIN gpu USING (gpu_uuid) WHERE read_at = last_seen_at");
        if ((long)(await kept.ExecuteScalarAsync())! is var details and not 8)
            throw new InvalidOperationException($"{details} GPUs have their newest details");
    }
}
