using GpuPlatform.LocalHosting;
using GpuPlatform.LocalHosting.Testing;

namespace GpuPlatform.Benchmarks;

/// <summary>Private servers with the durable settings of a real run, in a folder that is removed at the end.</summary>
internal sealed class LocalServers : IAsyncDisposable
{
    private const string DataVariable = "GPUPLATFORM_DATA";
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(5);
    private readonly DistributedApplication _app;
    private readonly string _folder;

    private LocalServers(DistributedApplication app, string folder) => (_app, _folder) = (app, folder);

    /// <summary>A PostgreSQL server; the connection string is the one of a new database.</summary>
    public static Task<(LocalServers Servers, string ConnectionString)> PostgresAsync() =>
        StartAsync("history", builder => builder.AddPostgres("postgres").WithDataVolume().AddDatabase("history"));

    /// <summary>A RabbitMQ broker.</summary>
    public static Task<(LocalServers Servers, string ConnectionString)> RabbitMqAsync() =>
        StartAsync("messaging", builder => builder.AddRabbitMQ("messaging").WithDataVolume());

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<(LocalServers Servers, string ConnectionString)> StartAsync(string resource, Action<IDistributedApplicationBuilder> draw)
    {
        // Not made here: the engine makes it with the rights that the servers' own users need
        var folder = Path.Combine(Path.GetTempPath(), $"gpuplatform-benchmarks-{Guid.NewGuid():N}");
        Environment.SetEnvironmentVariable(DataVariable, folder);
        var builder = DistributedApplication.CreateBuilder();
        draw(builder);
        var servers = new LocalServers(builder.Build(), folder);
        try
        {
            using var limit = new CancellationTokenSource(StartTimeout);
            await servers._app.StartAsync(limit.Token);
            await servers._app.ResourceNotifications.WaitForResourceHealthyAsync(resource, limit.Token);
            return (servers, (await servers._app.GetConnectionStringAsync(resource, limit.Token))!);
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }
}
