using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using GpuPlatform.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace GpuPlatform.Tests.ServiceDefaults.Telemetry;

public sealed class OtlpTests
{
    [Fact]
    public async Task Traces_metrics_and_logs_arrive_with_who_sent_them()
    {
        var received = new ConcurrentDictionary<string, byte[]>();
        await using var collector = await DefaultsHost.StartAsync(map: app => app.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            received.AddOrUpdate(signal, body.ToArray(), (_, before) => [.. before, .. body.ToArray()]);
            return TypedResults.Ok();
        }));
        var service = await DefaultsHost.StartAsync(
            [
                new("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Client.BaseAddress!.ToString().TrimEnd('/')), new("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
                new("OTEL_SERVICE_NAME", "telemetry-test"), new("OTEL_RESOURCE_ATTRIBUTES", "service.instance.id=replica-7"),
            ],
            map: app => app.MapGet("/spanned", (ILogger<OtlpTests> logger) =>
            {
                logger.LogWarning("said in a span");
                return "";
            }));
        await service.Client.GetAsync(new Uri("/spanned", UriKind.Relative));
        await service.DisposeAsync();

        foreach (var signal in new[] { "traces", "metrics", "logs" })
        {
            var text = Encoding.Latin1.GetString(received[signal]);
            Assert.Contains("telemetry-test", text);
            Assert.Contains("replica-7", text);
            Assert.Contains("service.version", text);
        }

        Assert.Contains("GET /spanned", Encoding.Latin1.GetString(received["traces"]));
        Assert.Contains("http.server.request.duration", Encoding.Latin1.GetString(received["metrics"]));
        Assert.Contains("said in a span", Encoding.Latin1.GetString(received["logs"]));
    }

    [Theory]
    [InlineData("http/protobuf")]
    [InlineData("grpc")]
    internal async Task A_collector_that_never_answers_does_not_hold_the_end_up(string protocol)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var service = await DefaultsHost.StartAsync(
            [new("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}"), new("OTEL_EXPORTER_OTLP_PROTOCOL", protocol), new("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory")],
            map: app => app.MapGet("/spanned", () => ""));
        await service.Client.GetAsync(new Uri("/spanned", UriKind.Relative));
        var started = Stopwatch.GetTimestamp();
        await service.DisposeAsync();

        // Three seconds are the budget; the exporter's own time-outs would make it ten for each signal.
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(9));
    }

    [Theory]
    [InlineData(null, null, false)]
    [InlineData(" ", null, false)]
    [InlineData("http://localhost:4317", null, true)]
    [InlineData("https://collector:4318", "http/protobuf", true)]
    [InlineData("http://localhost:4317", "grpc", true)]
    internal void Exporting_is_switched_on_by_the_endpoint(string? endpoint, string? protocol, bool expected)
    {
        Assert.Equal(expected, OtlpSettings.IsExporting(Configuration(endpoint, protocol)));
    }

    [Theory]
    [InlineData("localhost:4317", null, OtlpSettings.EndpointKey)]
    [InlineData("nonsense", null, OtlpSettings.EndpointKey)]
    [InlineData("http://localhost:4317", "http/json", OtlpSettings.ProtocolKey)]
    internal void A_setting_that_would_be_ignored_is_an_error(string? endpoint, string? protocol, string key)
    {
        Assert.Contains(key, Assert.Throws<InvalidOperationException>(() => OtlpSettings.IsExporting(Configuration(endpoint, protocol))).Message);
    }

    private static IConfiguration Configuration(string? endpoint, string? protocol) => new ConfigurationBuilder()
        .AddInMemoryCollection([new(OtlpSettings.EndpointKey, endpoint), new(OtlpSettings.ProtocolKey, protocol)]).Build();
}
