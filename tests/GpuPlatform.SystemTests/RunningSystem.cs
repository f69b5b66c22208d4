using System.Net.Http.Json;
using System.Text.Json;
using GpuPlatform.Contracts;
using GpuPlatform.SystemTests.Otlp;
using Npgsql;

// The local engine and what these tests read of processes are for Unix.
[assembly: System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace GpuPlatform.SystemTests;

[CollectionDefinition(nameof(RunningSystem))]
public sealed class RunningSystemTests : ICollectionFixture<RunningSystem>;

/// <summary>The whole product, started once through the AppHost with simulated GPUs, real PostgreSQL and real RabbitMQ.</summary>
public sealed class RunningSystem : IAsyncLifetime
{
    static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(8);
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    OtlpReceiver? _otlp;
    DistributedApplication? _app;

    internal OtlpReceiver Otlp => _otlp!;

    internal DistributedApplication App => _app!;

    public async ValueTask InitializeAsync()
    {
        _otlp = await OtlpReceiver.StartAsync();
        foreach (var (name, value) in NoSettings.Variables) Environment.SetEnvironmentVariable(name, value);
        // The engine hands the caller's OTLP settings on to every service.
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT", _otlp.Endpoint);
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
        // The first start on a machine may install PostgreSQL and RabbitMQ.
        using var limit = new CancellationTokenSource(StartTimeout);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.GpuPlatform_AppHost>(["--demo"], limit.Token);
        _app = await builder.BuildAsync(limit.Token);
        await _app.StartAsync(limit.Token);
        foreach (var resource in (string[])["collector", "classifier", "history", "web"])
        {
            await _app.ResourceNotifications.WaitForResourceHealthyAsync(resource, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        if (_otlp is not null)
        {
            await _otlp.DisposeAsync();
        }
    }

    internal async Task<RealtimeSnapshot> GetRealtimeAsync()
    {
        using var client = App.CreateHttpClient("history");
        return (await client.GetFromJsonAsync<RealtimeSnapshot>(Routes.Realtime, Json))!;
    }

    internal async Task<string> GetMetricsAsync(string resource)
    {
        using var client = App.CreateHttpClient(resource);
        return await client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
    }

    internal async Task<NpgsqlDataSource> OpenDatabaseAsync() =>
        NpgsqlDataSource.Create((await App.GetConnectionStringAsync("history-db"))!);
}
