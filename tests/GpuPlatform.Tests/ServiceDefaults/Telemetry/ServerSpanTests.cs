using System.Collections.Concurrent;
using System.Diagnostics;
using GpuPlatform.Tests.Doubles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace GpuPlatform.Tests.ServiceDefaults.Telemetry;

public sealed class ServerSpanTests : IDisposable
{
    private readonly ActivityTraceId _trace = ActivityTraceId.CreateRandom();
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public ServerSpanTests()
    {
        // Listens without asking for anything: what is recorded is recorded because the service itself wants it.
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Microsoft.AspNetCore" or "System.Net.Http",
            ActivityStopped = activity =>
            {
                if (activity.TraceId == _trace) _ended.Enqueue(activity);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    [Theory]
    [InlineData("/items/7", "GET /items/{id:int}", 200, ActivityStatusCode.Unset)]
    [InlineData("/missing", "GET", 404, ActivityStatusCode.Unset)]
    [InlineData("/busy", "GET /busy", 503, ActivityStatusCode.Error)]
    [InlineData("/broken", "GET /broken", 500, ActivityStatusCode.Error)]
    internal async Task Server_spans_say_what_was_asked_and_how_it_ended(string path, string name, int status, ActivityStatusCode expected)
    {
        await using var host = await DefaultsHost.StartAsync(map: Map);
        await GetAsync(host, path);
        var span = Assert.Single(await EndedAsync(1));

        Assert.Equal(name, span.DisplayName);
        Assert.Equal(status, span.GetTagItem("http.response.status_code"));
        Assert.Equal("GET", span.GetTagItem("http.request.method"));
        Assert.Equal(expected, span.Status);
        Assert.True(span.Recorded);
    }

    [Fact]
    public async Task Probes_are_not_recorded_for_export()
    {
        await using var host = await DefaultsHost.StartAsync(map: Map);
        foreach (var path in new[] { "/health", "/alive", "/metrics" }) await GetAsync(host, path);

        Assert.All(await EndedAsync(3), span => Assert.False(span.Recorded));
    }

    [Fact]
    public async Task A_sampled_trace_crosses_to_the_next_service_though_nobody_exports()
    {
        await using var leaf = await DefaultsHost.StartAsync(map: app => app.MapGet("/leaf", (HttpContext context) => context.Request.Headers.TraceParent.ToString()));
        await using var root = await DefaultsHost.StartAsync([new("services:leaf:http:0", leaf.Client.BaseAddress!.ToString())], map: app =>
            app.MapGet("/root", (IHttpClientFactory clients) => clients.CreateClient().GetStringAsync(new Uri("http://leaf/leaf"))));
        var received = await GetAsync(root, "/root");
        var spans = await EndedAsync(3);

        var client = Assert.Single(spans, span => span.Kind == ActivityKind.Client);
        Assert.Equal($"00-{_trace}-{client.SpanId}-01", received);
        Assert.Equal(client.SpanId, Assert.Single(spans, span => span.DisplayName == "GET /leaf").ParentSpanId);
        Assert.Equal(client.ParentSpanId, Assert.Single(spans, span => span.DisplayName == "GET /root").SpanId);
    }

    private static void Map(WebApplication app)
    {
        app.MapGet("/items/{id:int}", (int id) => id);
        app.MapGet("/busy", () => TypedResults.StatusCode(503));
        app.MapGet("/broken", string () => throw new InvalidOperationException("broken"));
    }

    private async Task<string> GetAsync(DefaultsHost host, string path)
    {
        using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = host.Client.BaseAddress, Timeout = TimeSpan.FromSeconds(60) };
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "traceparent", $"00-{_trace}-{ActivitySpanId.CreateRandom()}-01" } } };
        using var response = await client.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    // The span ends after the client has its answer.
    private async Task<IReadOnlyCollection<Activity>> EndedAsync(int count)
    {
        await Until.True(() => _ended.Count >= count);
        return [.. _ended];
    }
}
