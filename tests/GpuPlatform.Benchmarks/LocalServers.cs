using System.Runtime.InteropServices;
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
    private readonly PosixSignalRegistration[] _signals;
    private readonly Lazy<Task> _end;
    private volatile bool _interrupted;

    private LocalServers(DistributedApplication app, string folder)
    {
        (_app, _folder) = (app, folder);
        _end = new Lazy<Task>(EndAsync);
        _signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal => PosixSignalRegistration.Create(signal, Interrupt))];
    }

    /// <summary>A PostgreSQL server; the connection string is the one of a new database.</summary>
    public static Task<(LocalServers Servers, string ConnectionString)> PostgresAsync() =>
        StartAsync("history", builder => builder.AddPostgres("postgres").WithDataVolume().AddDatabase("history"));

    /// <summary>A RabbitMQ broker.</summary>
    public static Task<(LocalServers Servers, string ConnectionString)> RabbitMqAsync() =>
        StartAsync("messaging", builder => builder.AddRabbitMQ("messaging").WithDataVolume());

    public ValueTask DisposeAsync() => new(_end.Value);

    private async Task EndAsync()
    {
        await _app.DisposeAsync();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
        // Before the benchmark goes on: what it then says of the lost server would be of no use
        if (_interrupted)
            Environment.Exit(130);
        foreach (var signal in _signals)
            signal.Dispose();
    }

    // The engine ends the servers of a program that is gone, but it does not know that their data is of no more use
    private void Interrupt(PosixSignalContext context)
    {
        context.Cancel = true;
        _interrupted = true;
        _end.Value.GetAwaiter().GetResult();
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
