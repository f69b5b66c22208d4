using System.Net;
using System.Text;
using System.Text.Json;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Tests.Doubles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Tests.Collector.Api;

public sealed class GameModeApiTests
{
    [Fact]
    public async Task It_is_switched_by_hand_for_a_time()
    {
        await using var host = await CollectorHost.StartAsync();
        var pace = host.App.Services.GetRequiredService<SamplingPace>();
        var (status, answer) = await PostAsync(host, """{"on":true,"minutes":60}""");
        Assert.Equal((HttpStatusCode.OK, true, true), (status, answer.GetProperty("on").GetBoolean(), pace.GameMode));
        Assert.NotEqual(JsonValueKind.Null, answer.GetProperty("until").ValueKind);
        Assert.True((await host.JsonAsync("/api/gpu/game-mode")).GetProperty("on").GetBoolean());
        await PostAsync(host, """{"on":false}""");
        Assert.False(pace.GameMode);
    }

    [Fact]
    public void It_ends_with_its_time_and_a_later_switch_replaces_an_earlier_one()
    {
        var clock = new ManualTimeProvider();
        var pace = new SamplingPace(Options.Create(new SamplingOptions()), clock);
        using var mode = new GameModeSwitch(pace, clock);
        mode.Set(on: true, TimeSpan.FromMinutes(10));
        mode.Set(on: true, TimeSpan.FromMinutes(30));
        clock.Advance(TimeSpan.FromMinutes(29));
        Assert.Equal((true, clock.GetUtcNow().AddMinutes(1)), (mode.State.On, mode.State.Until));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((false, null), mode.State);
        mode.Set(on: true, duration: null);
        clock.Advance(TimeSpan.FromDays(7));
        Assert.Equal((true, null), mode.State);
    }

    [Theory]
    [InlineData("{}", "on")]
    [InlineData("null", "body")]
    [InlineData("", "body")]
    [InlineData("{\"on\":\"yes\"}", "on")]
    [InlineData("{\"on\":true,\"minutes\":0}", "minutes")]
    [InlineData("{\"on\":true,\"minutes\":1e9}", "minutes")]
    [InlineData("{\"on\":true,\"hours\":1}", "hours")]
    public async Task A_body_that_is_not_understood_is_refused_by_name(string body, string field)
    {
        await using var host = await CollectorHost.StartAsync();
        var (status, problem) = await PostAsync(host, body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.GetRawText());
        Assert.False(host.App.Services.GetRequiredService<SamplingPace>().GameMode);
    }

    [Theory]
    [InlineData("text/plain", null, null, HttpStatusCode.UnsupportedMediaType)] // a form of another page can send this without being asked
    [InlineData("application/x-www-form-urlencoded", null, null, HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json", "http://evil.example", null, HttpStatusCode.Forbidden)]
    [InlineData("application/json", "null", null, HttpStatusCode.Forbidden)]
    [InlineData("application/json", null, "evil.example", HttpStatusCode.Forbidden)] // its name was pointed at loopback
    [InlineData("application/json", "http://evil.example", "evil.example", HttpStatusCode.Forbidden)]
    [InlineData("application/json", null, "localhost:5101", HttpStatusCode.OK)]
    [InlineData("application/json", "http://localhost:5101", "localhost:5101", HttpStatusCode.OK)]
    public async Task A_page_elsewhere_cannot_switch_it(string contentType, string? origin, string? hostName, HttpStatusCode expected)
    {
        await using var host = await CollectorHost.StartAsync();
        var (status, _) = await PostAsync(host, """{"on":true}""", contentType, origin, hostName);
        Assert.Equal((expected, expected == HttpStatusCode.OK), (status, host.App.Services.GetRequiredService<SamplingPace>().GameMode));
    }

    [Fact]
    public async Task A_body_without_end_is_refused()
    {
        await using var host = await CollectorHost.StartAsync();
        var (status, _) = await PostAsync(host, $$"""{"on":true,"minutes":{{new string('1', 10_000)}}}""");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(
        CollectorHost host, string body, string contentType = "application/json", string? origin = null, string? hostName = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/gpu/game-mode") { Content = new StringContent(body, Encoding.UTF8, contentType) };
        request.Headers.Host = hostName;
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        using var answer = await host.Client.SendAsync(request);
        return (answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsStringAsync()));
    }
}
