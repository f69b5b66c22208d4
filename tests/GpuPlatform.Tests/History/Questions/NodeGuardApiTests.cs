using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using GpuPlatform.Contracts;
using GpuPlatform.History.Api;
using GpuPlatform.Tests.Doubles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GpuPlatform.Tests.History.Questions;

public sealed class NodeGuardApiTests : IAsyncLifetime
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly RackFixture _rack = new("desk", "rack-1");
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddProblemDetails(ApiProblems.Explain);
        builder.Services.AddSingleton(_rack.Live).AddSingleton(_rack.Questions).AddSingleton(_rack.Room);
        _app = builder.Build();
        _app.UseExceptionHandler(ApiProblems.Handling);
        _app.UseStatusCodePages();
        _app.MapGet("/outage", void () => throw new TimeoutException());
        _app.MapNodeGuard();
        _app.MapCapacity();
        await _app.StartAsync();
        _http = new HttpClient { BaseAddress = new Uri(_app.Urls.First()), Timeout = TimeSpan.FromSeconds(60) };
        _rack.Collector = (node, question) => RackFixture.Answer(node, question) with { Guard = Report(node) };
    }

    [Fact]
    public async Task A_gpu_of_a_host_is_asked_for_and_the_answer_is_its_collectors()
    {
        var (status, body) = await PostAsync(Routes.GuardYield, """{"node":"rack-1","gpu":"gpu-1","minutes":30,"reason":"film night"}""");

        Assert.Equal((HttpStatusCode.OK, "rack-1"), (status, JsonSerializer.Deserialize<GuardReport>(body, Json)!.NodeId));
        var asked = Assert.Single(_rack.Asked);
        Assert.Equal(("rack-1", Samples.Now, new GuardRequest { GpuUuid = "gpu-1", Minutes = 30, Reason = "film night" }, null), (asked.NodeId, asked.AskedAt, asked.Yield, asked.Resume));
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(Routes.GuardResume, """{"node":"desk"}""")).Status);
        Assert.Equal(new GuardRequest(), _rack.Asked.Last().Resume);
    }

    [Theory]
    [InlineData("null", "body")]
    [InlineData("", "body")]
    [InlineData("{}", "node")]
    [InlineData("""{"node":7}""", "node")]
    [InlineData("""{"node":"desk","minutes":0}""", "minutes")]
    [InlineData("""{"node":"desk","minutes":10081}""", "minutes")]
    [InlineData("""{"node":"desk","minutes":"one"}""", "minutes")]
    [InlineData("""{"node":"desk","reason":"film\nnight"}""", "reason")]
    [InlineData("""{"node":"desk","hours":1}""", "hours")]
    public async Task A_body_that_is_not_understood_is_refused_by_name(string body, string field)
    {
        var (status, answer) = await PostAsync(Routes.GuardYield, body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.True(JsonElement.Parse(answer).GetProperty("errors").TryGetProperty(field, out _), answer);
        Assert.Empty(_rack.Asked);
    }

    [Theory]
    [InlineData("""{"node":"rack-9"}""", "Known: desk, rack-1")]
    [InlineData("""{"node":"desk","gpu":"GPU-z"}""", "It has: GPU-1")]
    public async Task What_is_not_known_is_named_with_what_is(string body, string words)
    {
        var (status, answer) = await PostAsync(Routes.GuardYield, body);

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains(words, answer, StringComparison.Ordinal);
        Assert.Empty(_rack.Asked);
    }

    [Theory]
    [InlineData("text/plain", null, null, HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json", "http://evil.example", null, HttpStatusCode.Forbidden)]
    [InlineData("application/json", null, "evil.example", HttpStatusCode.Forbidden)]
    public async Task A_page_elsewhere_cannot_give_it_away(string contentType, string? origin, string? hostName, HttpStatusCode expected)
    {
        Assert.Equal(expected, (await PostAsync(Routes.GuardYield, """{"node":"desk"}""", contentType, origin, hostName)).Status);
        Assert.Empty(_rack.Asked);
    }

    [Fact]
    public async Task Another_type_and_another_method_are_told_what_is_accepted_and_an_outage_what_it_is()
    {
        var (_, type) = await PostAsync(Routes.GuardYield, "{}", "text/plain");
        using var method = await _http.GetAsync(new Uri(Routes.GuardYield, UriKind.Relative), TestContext.Current.CancellationToken);
        using var outage = await _http.GetAsync(new Uri("/outage", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal("Content-Type is 'text/plain; charset=utf-8'; accepted is application/json.", Detail(type));
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "GET is not answered here; accepted is POST."), (method.StatusCode, Detail(await method.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))));
        Assert.StartsWith("The database does not answer.", Detail(await outage.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)), StringComparison.Ordinal);

        static string? Detail(string body) => JsonElement.Parse(body).GetProperty("detail").GetString();
    }

    [Fact]
    public async Task What_the_collector_does_not_do_it_says_itself()
    {
        _rack.Collector = (node, question) => RackFixture.Answer(node, question) with { Problem = "the host has no GPU" };

        var (status, answer) = await PostAsync(Routes.GuardYield, """{"node":"desk"}""");

        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains("the host has no GPU", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collector_that_is_silent_is_told_from_a_broker_that_is_away()
    {
        _rack.Collector = (_, _) => null;
        var asking = PostAsync(Routes.GuardYield, """{"node":"desk"}""");
        await Until.True(() => !_rack.Asked.IsEmpty);
        _rack.Time.Advance(NodeAsked.Patience);
        var (silent, answer) = await asking;
        _rack.Lose();

        Assert.Equal(HttpStatusCode.GatewayTimeout, silent);
        Assert.Contains("did not answer within 5 s", answer, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await PostAsync(Routes.GuardYield, """{"node":"desk"}""")).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _http.GetAsync(new Uri(Routes.Capacity, UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode);
    }

    [Theory]
    [InlineData("", HttpStatusCode.BadRequest)]
    [InlineData("?vram=much", HttpStatusCode.BadRequest)]
    [InlineData("?model=a&vram=1GiB", HttpStatusCode.BadRequest)]
    [InlineData("?modle=a", HttpStatusCode.BadRequest)]
    [InlineData("?model=nobody:1b", HttpStatusCode.NotFound)]
    [InlineData("?vram=1GiB", HttpStatusCode.OK)]
    public async Task Room_is_asked_for_a_model_or_an_amount(string query, HttpStatusCode expected)
    {
        _rack.Collector = (node, question) => RackFixture.Answer(node, question) with
        {
            Capacity = new() { NodeId = node, Gpus = [] },
            Placement = question.Placement?.Bytes is { } bytes
                ? new() { NodeId = node, NeededBytes = bytes, NeededFrom = NeedSource.Asked, Fit = PlacementFit.Now, Reason = "r", Gpus = [] }
                : null,
        };

        using var response = await _http.GetAsync(new Uri(Routes.Placement + query, UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(expected, response.StatusCode);
        if (expected == HttpStatusCode.OK) Assert.Equal("desk", (await response.Content.ReadFromJsonAsync<RackPlacement>(Json, TestContext.Current.CancellationToken))!.NodeId);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        _rack.Dispose();
    }

    private async Task<(HttpStatusCode Status, string Body)> PostAsync(string path, string body, string contentType = "application/json", string? origin = null, string? hostName = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, contentType) };
        request.Headers.Host = hostName;
        if (origin is not null) request.Headers.Add("Origin", origin);
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static GuardReport Report(string node) => new() { NodeId = node, Enabled = false, Gpus = [], HeldCount = 0 };
}
