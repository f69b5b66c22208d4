using System.Net;
using System.Text.Json;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Collector.Ollama.Requests;
using Microsoft.Extensions.DependencyInjection;

namespace GpuPlatform.Tests.Collector.Api;

public sealed class LlmRequestsApiTests
{
    private static readonly ModelServer Server = new(ModelServer.Ollama, new Uri("http://127.0.0.1:1"), new Uri("http://127.0.0.1:2"));

    [Fact]
    public async Task Requests_that_ended_are_told_newest_first_as_they_are_asked_for()
    {
        await using var host = await CollectorHost.StartAsync();
        var recent = host.App.Services.GetRequiredService<RecentRequests>();
        for (var i = 0; i < 60; i++) recent.Take(Records.Of(i, i % 2 == 0 ? "even" : "odd", outcome: i == 7 ? LlmOutcome.Failed : LlmOutcome.Ok));
        Assert.Equal(50, (await ListAsync(host, Routes.LlmRequests)).Count);
        var odd = await ListAsync(host, $"{Routes.LlmRequests}?model=ODD&limit=2&server=ollama&client=curl");
        Assert.Equal(["2026-01-15T12:00:59+00:00", "2026-01-15T12:00:57+00:00"], odd.Select(one => one.GetProperty("started_at").GetString()));
        Assert.Equal("failed", Assert.Single(await ListAsync(host, $"{Routes.LlmRequests}?outcome=failed")).GetProperty("outcome").GetString());
    }

    [Theory]
    [InlineData("?limit=0", "limit", "1 to 500")]
    [InlineData("?limit=ten", "limit", "1 to 500")]
    [InlineData("?limit=1&limit=2", "limit", "one value")]
    [InlineData("?outcome=good", "outcome", "ok, aborted, failed, refused")]
    [InlineData("?outcome=1", "outcome", "ok, aborted, failed, refused")]
    [InlineData("?model=", "model", "one value")]
    [InlineData("?clients=x", "clients", "limit, model, client, outcome, server")]
    [InlineData("/5", "id", "UUID")]
    public async Task What_is_not_understood_is_refused_by_name_with_what_is_accepted(string query, string field, string accepted)
    {
        await using var host = await CollectorHost.StartAsync();
        using var answer = await host.Client.GetAsync(new Uri(Routes.LlmRequests + query, UriKind.Relative));
        var errors = JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("errors");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(accepted, errors.GetProperty(field)[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_said_is_told_of_one_request_alone_and_only_to_this_host()
    {
        await using var host = await CollectorHost.StartAsync(null, ("Ollama:CaptureContent", "true"), ("Ollama:CaptureRetention", "365.00:00:00"));
        var record = Records.Of(1).With("a prompt", "a reply") with { StartedAt = DateTimeOffset.UtcNow };
        host.App.Services.GetRequiredService<RecentRequests>().Take(record);
        var path = $"{Routes.LlmRequests}/{record.RequestId}";
        Assert.Equal("a prompt", (await host.JsonAsync(path)).GetProperty("content").GetProperty("request").GetString());
        Assert.Equal(JsonValueKind.Null, Assert.Single(await ListAsync(host, Routes.LlmRequests)).GetProperty("content").ValueKind);

        using var page = new HttpRequestMessage(HttpMethod.Get, path);
        page.Headers.Add("Origin", "http://evil.example");
        using var answer = await host.Client.SendAsync(page);
        Assert.DoesNotContain("a prompt", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(host, HttpMethod.Get, $"{Routes.LlmRequests}/{Guid.NewGuid()}"));
    }

    [Fact]
    public async Task A_request_under_way_is_shown_and_cancelled_by_hand()
    {
        await using var host = await CollectorHost.StartAsync();
        var log = host.App.Services.GetRequiredService<RequestLog>();
        var request = log.Begin(Server, LlmEndpoint.All[1], new LlmClient { Name = "curl", Source = LlmClientSource.Agent }, null);
        var shown = Assert.Single(await ListAsync(host, Routes.LlmInFlight));
        Assert.Equal((request.Id, "/api/chat", "receiving"), (shown.GetProperty("request_id").GetGuid(), shown.GetProperty("endpoint").GetString(), shown.GetProperty("phase").GetString()));

        var path = $"{Routes.LlmInFlight}/{request.Id}";
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(host, HttpMethod.Delete, path, hostName: "evil.example"));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(host, HttpMethod.Delete, path, origin: "http://evil.example"));
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(host, HttpMethod.Delete, $"{Routes.LlmInFlight}/x"));
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(host, HttpMethod.Delete, $"{Routes.LlmInFlight}/{Guid.NewGuid()}"));
        Assert.False(request.IsCancelled);
        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(host, HttpMethod.Delete, path));
        Assert.True(request.IsCancelled);
        log.End(request, LlmOutcome.Aborted, null);
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(host, HttpMethod.Delete, path));
    }

    [Theory]
    [InlineData(Routes.LlmRequests)]
    [InlineData(Routes.LlmInFlight)]
    [InlineData(Routes.LlmModels)]
    public async Task What_runs_here_is_not_told_under_a_strangers_name(string path)
    {
        await using var host = await CollectorHost.StartAsync();
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(host, HttpMethod.Get, path, hostName: "evil.example"));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(host, HttpMethod.Get, path));
    }

    private static async Task<List<JsonElement>> ListAsync(CollectorHost host, string path) => [.. (await host.JsonAsync(path)).GetProperty("requests").EnumerateArray()];

    private static async Task<HttpStatusCode> SendAsync(CollectorHost host, HttpMethod method, string path, string? hostName = null, string? origin = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Host = hostName;
        if (origin is not null) request.Headers.Add("Origin", origin);
        using var answer = await host.Client.SendAsync(request);
        return answer.StatusCode;
    }
}
