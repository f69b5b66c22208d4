using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using GpuPlatform.Contracts;
using GpuPlatform.SystemTests.Otlp;
using GpuPlatform.Tests.Doubles.Ollama;
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
    readonly string _state = Directory.CreateTempSubdirectory("gpuplatform-tests-").FullName;
    OllamaDouble? _ollama;
    OtlpReceiver? _otlp;
    DistributedApplication? _app;

    internal OtlpReceiver Otlp => _otlp!;

    internal DistributedApplication App => _app!;

    /// <summary>The model server behind the collector's proxy.</summary>
    internal OllamaDouble Ollama => _ollama!;

    /// <summary>Where clients reach <see cref="Ollama"/> through the collector.</summary>
    internal Uri Proxy { get; } = new($"http://127.0.0.1:{FreePort()}");

    public async ValueTask InitializeAsync()
    {
        _otlp = await OtlpReceiver.StartAsync();
        foreach (var (name, value) in NoSettings.Variables) Environment.SetEnvironmentVariable(name, value);
        // The engine hands the caller's OTLP settings on to every service.
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT", _otlp.Endpoint);
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
        _ollama = await OllamaDouble.StartAsync();
        // The game of the invented desktop would take the GPU from the models that these tests ask
        Environment.SetEnvironmentVariable("Guard__Enabled", "false");
        Environment.SetEnvironmentVariable("Ollama__Listen", Proxy.GetLeftPart(UriPartial.Authority));
        Environment.SetEnvironmentVariable("Ollama__Upstream", _ollama.Address.GetLeftPart(UriPartial.Authority));
        // And the folder in which what this run leaves behind is of no use to any other.
        Environment.SetEnvironmentVariable("GPUPLATFORM_DATA", _state);
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

        if (_ollama is not null)
        {
            await _ollama.DisposeAsync();
        }

        Directory.Delete(_state, recursive: true);
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

    static int FreePort()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        return ((IPEndPoint)taken.LocalEndpoint).Port;
    }
}
