using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using GpuPlatform.Contracts;

namespace GpuPlatform.SystemTests.Ingest;

/// <summary>Requests at model servers on their way from the broker through the database to the API.</summary>
[Collection(nameof(RunningSystem))]
public sealed class LlmTests(RunningSystem system) : IngestTest(system)
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    [Fact]
    public async Task A_request_comes_back_as_it_was_sent_and_once_however_often_it_came()
    {
        var node = new TestNode();
        var sent = Request(node, 0) with { Content = new LlmContent { Request = "{\"prompt\":\"\\u0000 hi\0\"}", RequestHeaders = new Dictionary<string, string> { ["accept"] = "*/*" } } };
        var before = await MetricAsync("gpuplatform_history_duplicates_total", "type=\"llm-request\"");
        for (var delivery = 0; delivery < 3; delivery++)
        {
            await Publisher.PublishAsync(sent);
            await Publisher.PublishAsync(Residency(node));
        }

        await Publisher.FenceAsync();
        var listed = Assert.Single((await GetAsync<LlmSessionPage>($"{Routes.LlmSessions}?node={node.NodeId}")).Sessions);
        var one = await GetAsync<LlmRequestCompleted>($"{Routes.LlmSessions}/{sent.RequestId}");

        Assert.Equal(Text(sent with { Content = null }), Text(listed));
        Assert.Equal(Text(sent with { Content = sent.Content with { Request = sent.Content.Request!.Replace('\0', '\uFFFD') } }), Text(one));
        Assert.Equal(1, await RawPublisher.CountAsync(Database, "select count(*) from llm_request r join llm_trait t on t.id = r.trait_id where node_id = $1", node.NodeId));
        Assert.Equal(1, await CountAsync("model_residency", node));
        Assert.True(await MetricAsync("gpuplatform_history_duplicates_total", "type=\"llm-request\"") >= before + 2);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync($"{Routes.LlmSessions}/{Guid.NewGuid()}"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync($"{Routes.LlmSessions}/one"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync($"{Routes.LlmSessions}?sort=price"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync($"{Routes.LlmUsage}?hours=1"));
    }

    [Theory]
    [InlineData("started", "desc")]
    [InlineData("duration", "desc")]
    [InlineData("ttft", "asc")]
    [InlineData("tokens", "desc")]
    public async Task Pages_follow_each_other_while_requests_arrive(string sort, string order)
    {
        var node = new TestNode();
        // Some values are equal: ids decide then
        var first = Enumerable.Range(0, 7).Select(i => Request(node, i / 2) with
        {
            DurationMs = 100.1 + (i / 3), TimeToFirstTokenMs = 16.777217 + (i % 3), CompletionTokens = 10 * (i / 2),
        }).ToList();
        foreach (var request in first)
        {
            await Publisher.PublishAsync(request);
        }

        await Publisher.FenceAsync();
        var seen = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await GetAsync<LlmSessionPage>(
                $"{Routes.LlmSessions}?node={node.NodeId}&sort={sort}&order={order}&limit=3{(cursor is null ? "" : $"&cursor={cursor}")}");
            Assert.InRange(page.Sessions.Count, 1, 3);
            seen.AddRange(page.Sessions.Select(session => session.RequestId));
            cursor = page.NextCursor;
            await Publisher.PublishAsync(Request(node, 30) with { DurationMs = 9e6, TimeToFirstTokenMs = 0.001, CompletionTokens = 1_000_000 });
            await Publisher.PublishAsync(Request(node, -30) with { DurationMs = 0, TimeToFirstTokenMs = 9e6, CompletionTokens = 0, PromptTokens = 0 });
            await Publisher.FenceAsync();
        }
        while (cursor is not null && seen.Count < 50);

        var known = first.Select(request => request.RequestId).ToHashSet();
        Assert.Equal(7, seen.Count(known.Contains));
        Assert.Equal(seen.Count, seen.Distinct().Count());
    }

    [Fact]
    public async Task Usage_adds_up_what_was_asked_for()
    {
        var node = new TestNode();
        for (var i = 0; i < 20; i++)
        {
            await Publisher.PublishAsync(Request(node, i) with
            {
                Model = i < 15 ? "llama3.2:3b" : null, Outcome = i == 19 ? LlmOutcome.Refused : LlmOutcome.Ok, TimeToFirstTokenMs = 10 * (i + 1), EnergyJoules = i < 10 ? 50 : null,
            });
        }

        await Publisher.PublishAsync(Residency(node));
        await Publisher.FenceAsync();
        var usage = await GetAsync<LlmUsage>($"{Routes.LlmUsage}?node={node.NodeId}");
        var unknown = await GetAsync<LlmUsage>($"{Routes.LlmUsage}?node={node.NodeId}&model=unknown&client=alice");
        var slow = await GetAsync<LlmSessionPage>($"{Routes.LlmSessions}?node={node.NodeId}&sort=ttft&limit=1&outcome=ok&endpoint=/api/chat&server=ollama&min_duration_ms=1000");

        Assert.Equal((20, 19, 1, 20_000, 5000), (usage.Total.RequestCount, usage.Total.OkCount, usage.Total.RefusedCount, usage.Total.PromptTokens, usage.Total.CompletionTokens));
        Assert.Equal((105d, 190d, 500d, 0.2), (usage.Total.AverageTimeToFirstTokenMs, usage.Total.P95TimeToFirstTokenMs, usage.Total.EnergyJoules, usage.Total.JoulesPerToken));
        Assert.Equal((100d, 100d), (usage.Total.AverageTokensPerSecond, usage.Total.P95TokensPerSecond));
        Assert.Equal([("llama3.2:3b", 15L), ("unknown", 5L)], usage.Models.Select(group => (group.Name, group.Figures.RequestCount)));
        Assert.Equal((20, 20, 5), (usage.Series.Sum(point => point.RequestCount), usage.TimeToFirstToken.Counts.Sum(), unknown.Total.RequestCount));
        Assert.Equal(Residency(node), Assert.Single(usage.Residency));
        Assert.Equal(190, Assert.Single(slow.Sessions).TimeToFirstTokenMs);
        Assert.Equal(0, (await GetAsync<LlmUsage>($"{Routes.LlmUsage}?node={node.NodeId}&end_date=2026-01-01")).Total.RequestCount);
    }

    [Fact]
    public async Task What_no_collector_would_send_is_refused_by_name_or_kept_as_evidence_and_the_next_request_is_stored()
    {
        var node = new TestNode();
        var json = RawPublisher.ToJson(Request(node, 0));
        json["durationMs"] = -1;
        var unknownWords = RawPublisher.ToJson(Request(node, 1));
        (unknownWords["outcome"], unknownWords["api"]) = ("levitated", "telepathy");
        var before = await RefusedAsync();

        await Publisher.PublishAsync<LlmRequestCompleted>(json);
        await Publisher.PublishAsync<LlmActivity>(JsonNode.Parse($$"""{"nodeId":"{{node.NodeId}}","sampledAt":"{{node.At(0):O}}","servers":[null],"inFlight":[]}""")!);
        await Publisher.PublishTextAsync<LlmRequestCompleted>("not JSON");
        await Publisher.PublishTextAsync<ModelResidencyChanged>(RawPublisher.Envelope(WireTopology.UrnFor<ModelResidencyChanged>(), "{}"));
        await Publisher.PublishAsync<LlmRequestCompleted>(unknownWords);
        await Publisher.FenceAsync();

        var stored = Assert.Single((await GetAsync<LlmSessionPage>($"{Routes.LlmSessions}?node={node.NodeId}")).Sessions);
        Assert.Equal((LlmOutcome.Failed, LlmApi.Unknown), (stored.Outcome, stored.Api));
        await Eventually.Holds("each was counted", async () => (await RefusedAsync()).Zip(before, (now, then) => now - then).SequenceEqual([1d, 1d, 2d]));
        await AssertHealthyAsync();
    }

    [Fact]
    public async Task What_goes_on_is_shown_until_nobody_renews_it()
    {
        var node = new TestNode(secondsAgo: 0);
        await Publisher.PublishAsync(new LlmActivity
        {
            NodeId = node.NodeId, SampledAt = node.At(0), InFlight = [], InFlightCount = 3,
            Servers = [new LlmServer { Name = "ollama", Upstream = "http://127.0.0.1:11434", Resident = [new ResidentModel { Name = "llama3.2:3b", VramBytes = 7 }] }],
        });

        var shown = await Eventually.Get("it is shown", async () => (await SnapshotAsync(node))?.Llm);
        Assert.Equal((3, 7L), (shown.InFlightCount, shown.Servers[0].Resident[0].VramBytes));
        await Eventually.Holds("it is gone", async () => await SnapshotAsync(node) is { Llm: null, Stale: true });
    }

    [Fact]
    public async Task Content_goes_before_its_request_and_both_go_in_time()
    {
        var node = new TestNode();
        var content = new LlmContent { Request = "prompt" };
        var (fresh, old, ancient) = (Request(node, 0) with { Content = content }, Request(node, -8 * 86_400) with { Content = content }, Request(node, -400 * 86_400));
        foreach (var request in (LlmRequestCompleted[])[fresh, old, ancient])
        {
            await Publisher.PublishAsync(request);
        }

        await Publisher.FenceAsync();
        // What is over is looked for at every start, and every hour after it
        Processes.Signal("KILL", Processes.ListeningOn(Running.App.GetEndpoint("history", "http").Port)!.Value);
        await Running.App.ResourceNotifications.WaitForResourceAsync("history", KnownResourceStates.Exited);
        await Running.App.ResourceCommands.ExecuteCommandAsync("history", KnownResourceCommands.StartCommand);
        await Running.App.ResourceNotifications.WaitForResourceHealthyAsync("history");

        await Eventually.Holds("the oldest is gone", async () => await StatusAsync($"{Routes.LlmSessions}/{ancient.RequestId}") == HttpStatusCode.NotFound);
        Assert.Null((await GetAsync<LlmRequestCompleted>($"{Routes.LlmSessions}/{old.RequestId}")).Content);
        Assert.Equal("prompt", (await GetAsync<LlmRequestCompleted>($"{Routes.LlmSessions}/{fresh.RequestId}")).Content?.Request);
    }

    static LlmRequestCompleted Request(TestNode node, double seconds) => new()
    {
        NodeId = node.NodeId, RequestId = Guid.CreateVersion7(node.At(seconds)), StartedAt = node.At(seconds), DurationMs = 2750.125, Server = "ollama",
        Endpoint = "/api/chat", Api = LlmApi.Ollama, Operation = "chat", Model = "llama3.2:3b",
        Client = new LlmClient
        {
            Name = "alice", Source = LlmClientSource.User, UserAgent = "ollama-python/0.4", Address = "127.0.0.1", Pid = 42, ProcessStartedAt = node.Started, ProcessName = "python3",
        },
        Streaming = true, Outcome = LlmOutcome.Ok, StatusCode = 200, Error = "none", FinishReason = "stop", PromptTokens = 1000, CachedTokens = 400,
        CompletionTokens = 250, TimeToFirstTokenMs = 210.5, TimeToFirstVisibleTokenMs = 300.25, TimePerOutputTokenMs = 12.5, InterTokenP50Ms = 12.1,
        InterTokenP95Ms = 20.7, InterTokenP99Ms = 33.3, LoadMs = 5.125, QueueMs = 0.333, HeldMs = 1250.5, PrefillMs = 200, DecodeMs = 2500, TokensPerSecondDecode = 100,
        TokensPerSecondWire = 80, TokensPerSecondPrefill = 3000, RequestBytes = 5_000_000_000, ResponseBytes = 12_345, EnergyJoules = 321.1,
        IdleEnergyJoules = 12.25, GpuUuids = [node.GpuUuid], TraceId = "0123456789abcdef0123456789abcdef",
    };

    static ModelResidencyChanged Residency(TestNode node) => new()
    {
        NodeId = node.NodeId, ChangedAt = node.At(0), Server = "ollama", Model = "llama3.2:3b", Change = ResidencyChange.Loaded, SizeBytes = 4L << 30,
        VramBytes = 3L << 30, ContextLength = 8192, ExpiresAt = node.At(300), LoadMs = 1234.5, Reason = "asked for",
    };

    static string Text(LlmRequestCompleted request) => JsonSerializer.Serialize(request, Json);

    async Task<double[]> RefusedAsync() =>
    [
        await MetricAsync("gpuplatform_history_refused_total", "reason=\"out-of-range:durationMs\""),
        await MetricAsync("gpuplatform_history_refused_total", "reason=\"missing:servers\""),
        await MetricAsync("gpuplatform_history_refused_total", "reason=\"unreadable\""),
    ];

    async Task<T> GetAsync<T>(string path)
    {
        using var client = Running.App.CreateHttpClient("history");
        return (await client.GetFromJsonAsync<T>(path, Json))!;
    }

    async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var client = Running.App.CreateHttpClient("history");
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
        return response.StatusCode;
    }
}
