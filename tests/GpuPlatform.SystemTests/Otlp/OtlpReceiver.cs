using System.Collections.Concurrent;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GpuPlatform.SystemTests.Otlp;

/// <summary>A small OTLP/HTTP endpoint (protobuf) on a free loopback port that keeps the spans it is sent.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly ConcurrentQueue<SpanRecord> _spans = new();
    int _metricRequests;
    int _logRequests;

    OtlpReceiver(WebApplication app) => _app = app;

    public string Endpoint { get; private set; } = "";

    public IReadOnlyCollection<SpanRecord> Spans => _spans;

    public int MetricRequests => _metricRequests;

    public int LogRequests => _logRequests;

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new OtlpReceiver(app);
        app.MapPost("/v1/traces", receiver.TakeTraces);
        app.MapPost("/v1/metrics", (HttpContext context) => Take(context, ref receiver._metricRequests));
        app.MapPost("/v1/logs", (HttpContext context) => Take(context, ref receiver._logRequests));
        await app.StartAsync();
        receiver.Endpoint = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    static Task Take(HttpContext context, ref int counter)
    {
        Interlocked.Increment(ref counter);
        return context.Request.Body.CopyToAsync(Stream.Null);
    }

    async Task TakeTraces(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        foreach (var span in OtlpTraceParser.Parse(new CodedInputStream(body.ToArray())))
        {
            _spans.Enqueue(span);
        }
    }
}
