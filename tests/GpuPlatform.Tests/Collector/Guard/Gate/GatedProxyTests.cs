using System.Collections.Concurrent;
using System.Text;
using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Guard.Gate;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Collector.Ollama.Proxy;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Guard.Gate;

public sealed class GatedProxyTests
{
    private const string Answer = """{"message":{"content":"x"},"done":true}""";
    private static readonly string Reply = $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Answer.Length}\r\n\r\n{Answer}";
    private static readonly GateSetting Held = new(0, WaitingPolicy.Hold, "a game runs");

    [Fact]
    public async Task Nothing_held_is_lost_and_all_go_in_the_order_in_which_they_came()
    {
        var arrived = new ConcurrentQueue<string>();
        await using var upstream = Noting(arrived);
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        fixture.Gate.Set(ModelServer.Ollama, Held);
        var clients = new List<RawClient>();
        for (var i = 0; i < 6; i++)
        {
            clients.Add(await fixture.ConnectAsync());
            await clients[i].SendAsync(Post("/api/chat", Asking(i)));
            await Until.True(() => fixture.Gate.HeldCount(ModelServer.Ollama) == i + 1);
        }
        Assert.Empty(upstream.Connections);

        // One at a time, so that none can overtake another on its way
        fixture.Gate.Set(ModelServer.Ollama, new GateSetting(1, WaitingPolicy.Hold, "hot"));

        foreach (var client in clients) Assert.EndsWith(Answer, await client.ReadUntilAsync(text => text.EndsWith(Answer, StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(0, 6).Select(Asking), arrived);
        await Until.True(() => fixture.Ends.Count == 6);
        Assert.All(fixture.Ends, end => Assert.Equal((LlmOutcome.Ok, true), (end.End.Outcome, end.Request.HeldTimestamp < end.Request.ReleasedTimestamp)));
        foreach (var client in clients) client.Dispose();
    }

    [Fact]
    public async Task An_open_gate_lets_all_of_them_go_at_once()
    {
        var goOn = new SemaphoreSlim(0);
        await using var upstream = new TcpUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.ReadBodyAsync();
            await goOn.WaitAsync(TimeSpan.FromSeconds(60));
            await connection.SendAsync(Reply);
        });
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        fixture.Gate.Set(ModelServer.Ollama, Held);
        var clients = new List<RawClient>();
        for (var i = 0; i < 4; i++)
        {
            clients.Add(await fixture.ConnectAsync());
            await clients[i].SendAsync(Post("/api/chat", Asking(i)));
        }
        await Until.True(() => fixture.Gate.HeldCount(ModelServer.Ollama) == 4);

        fixture.Gate.Set(ModelServer.Ollama, GateSetting.Open);

        await Until.True(() => upstream.Bodies.Count == 4);
        Assert.Equal(4, fixture.Gate.RunningCount(ModelServer.Ollama));
        goOn.Release(4);
        await Until.True(() => fixture.Ends.Count == 4 && fixture.Gate.RunningCount(ModelServer.Ollama) == 0);
        foreach (var client in clients) client.Dispose();
    }

    [Fact]
    public async Task A_body_longer_than_what_is_read_ahead_arrives_whole_after_its_wait()
    {
        var body = Asking(1).PadLeft(RequestPeekBytes + 300_000);
        await using var upstream = TcpUpstream.Saying(Reply);
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        fixture.Gate.Set(ModelServer.Ollama, Held);
        using var client = await fixture.ConnectAsync();
        var sending = client.SendAsync(Post("/api/chat", body));
        await Until.True(() => fixture.Gate.HeldCount(ModelServer.Ollama) == 1);

        fixture.Gate.Set(ModelServer.Ollama, GateSetting.Open);
        await client.ReadUntilAsync(text => text.EndsWith(Answer, StringComparison.Ordinal));
        await sending;

        Assert.True(body == Assert.Single(upstream.Bodies));
    }

    [Theory]
    [InlineData("/api/chat", "{\"error\":\"The GPU is not for models now: a game runs. Ask again later\"}")]
    [InlineData("/api/embed", "{\"error\":\"The GPU is not for models now: a game runs. Ask again later\"}")]
    [InlineData("/v1/chat/completions", "{\"error\":{\"type\":\"api_error\",\"message\":\"The GPU is not for models now: a game runs. Ask again later\",\"param\":null,\"code\":null}}")]
    [InlineData("/v1/messages", "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"The GPU is not for models now: a game runs. Ask again later\"}}")]
    public async Task Refused_is_with_the_reason_and_when_to_come_back(string path, string expected)
    {
        await using var upstream = TcpUpstream.Saying(Reply);
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        fixture.Gate.Set(ModelServer.Ollama, Held with { Policy = WaitingPolicy.Refuse });
        using var client = await fixture.ConnectAsync();

        await client.SendAsync(Post(path, Asking(1)));
        var text = await client.ReadUntilAsync(text => text.EndsWith('}'));

        Assert.StartsWith("HTTP/1.1 503", text, StringComparison.Ordinal);
        Assert.Contains("Retry-After: 30\r\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n" + expected, text, StringComparison.Ordinal);
        var (request, end) = await fixture.OnlyEndAsync();
        Assert.Equal((LlmOutcome.Refused, 503, "The GPU is not for models now: a game runs. Ask again later"), (end.Outcome, request.StatusCode, end.Error));
        Assert.Empty(upstream.Connections);
    }

    [Theory]
    [InlineData("/api/tags", "")]
    [InlineData("/api/show", """{"model":"m"}""")]
    [InlineData("/api/generate", """{"model":"m","keep_alive":0}""")]
    [InlineData("/api/generate", """{"model":"m","prompt":"","keep_alive":"0s","stream":false}""")]
    [InlineData("/api/chat", """{"model":"m","messages":[],"keep_alive":"0"}""")]
    [InlineData("/api/chat", """{"model":"gpt-oss:120b-cloud","messages":[{"role":"user","content":"x"}]}""")]
    [InlineData("/v1/chat/completions", """{"model":"deepseek:cloud","messages":[{"role":"user","content":"x"}]}""")]
    public async Task What_takes_no_gpu_passes_a_closed_gate(string path, string body) => Assert.StartsWith("HTTP/1.1 200", await AskRefusingAsync(path, body), StringComparison.Ordinal);

    [Theory]
    [InlineData("/api/generate", """{"model":"m"}""")]
    [InlineData("/api/chat", """{"model":"m","messages":[],"keep_alive":"10m"}""")]
    [InlineData("/api/chat", """{"model":"m","messages":[{"role":"user","content":"x"}],"keep_alive":0}""")]
    [InlineData("/api/embeddings", """{"model":"m","prompt":""}""")]
    [InlineData("/api/generate", "no JSON")]
    [InlineData("/v1/completions", """{"model":"m","keep_alive":0}""")]
    public async Task What_would_load_a_model_does_not(string path, string body) => Assert.StartsWith("HTTP/1.1 503", await AskRefusingAsync(path, body), StringComparison.Ordinal);

    [Fact]
    public async Task On_the_processor_the_request_goes_with_the_option_in_it_and_holds_up_nobody()
    {
        const string body = """{"model":"m","messages":[{"role":"user","content":"x"}],"options":{"num_ctx":4096}}""";
        const string changed = """{"model":"m","messages":[{"role":"user","content":"x"}],"options":{"num_gpu":0,"num_ctx":4096}}""";
        await using var upstream = TcpUpstream.Saying(Reply);
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        fixture.Gate.Set(ModelServer.Ollama, Held with { Policy = WaitingPolicy.Cpu });
        using var client = await fixture.ConnectAsync();

        await client.SendAsync(Post("/api/chat", body));
        await client.ReadUntilAsync(text => text.EndsWith(Answer, StringComparison.Ordinal));

        Assert.Equal(changed, Assert.Single(upstream.Bodies));
        var (request, end) = await fixture.OnlyEndAsync();
        Assert.Equal((LlmOutcome.Ok, true, null, 0), (end.Outcome, request.Facts.OnProcessor, request.HeldTimestamp, fixture.Gate.RunningCount(ModelServer.Ollama)));
    }

    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"m","messages":[]}""")]
    [InlineData("/api/generate", """{"model":"m","options":{},"Options":{"num_gpu":99}}""")]
    public async Task What_cannot_be_told_to_use_the_processor_waits(string path, string body)
    {
        await using var upstream = TcpUpstream.Saying(Reply);
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        fixture.Gate.Set(ModelServer.Ollama, Held with { Policy = WaitingPolicy.Cpu });
        using var client = await fixture.ConnectAsync();

        await client.SendAsync(Post(path, body));
        await Until.True(() => fixture.Gate.HeldCount(ModelServer.Ollama) == 1);
        fixture.Gate.Set(ModelServer.Ollama, GateSetting.Open);
        await client.ReadUntilAsync(text => text.EndsWith(Answer, StringComparison.Ordinal));

        Assert.Equal(body, Assert.Single(upstream.Bodies));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_goes_away_is_dropped_at_once(bool resets)
    {
        await using var upstream = TcpUpstream.Saying(Reply);
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        fixture.Gate.Set(ModelServer.Ollama, Held);
        using var client = await fixture.ConnectAsync();
        await client.SendAsync(Post("/api/chat", Asking(1)));
        await Until.True(() => fixture.Gate.HeldCount(ModelServer.Ollama) == 1);

        if (resets) client.Reset();
        else client.Dispose();

        await Until.True(() => fixture.Gate.HeldCount(ModelServer.Ollama) == 0);
        var (request, end) = await fixture.OnlyEndAsync();
        Assert.Equal((LlmOutcome.Aborted, "the client went away", true), (end.Outcome, end.Error, request.ReleasedTimestamp is not null));
        fixture.Gate.Set(ModelServer.Ollama, GateSetting.Open);
        Assert.Empty(upstream.Connections);
    }

    [Fact]
    public async Task A_request_that_is_cancelled_while_it_waits_ends()
    {
        await using var upstream = TcpUpstream.Saying(Reply);
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        fixture.Gate.Set(ModelServer.Ollama, Held);
        using var client = await fixture.ConnectAsync();
        await client.SendAsync(Post("/api/chat", Asking(1)));
        await Until.True(() => fixture.Log.Running.Any(request => request.IsHeld));

        fixture.Log.Cancel(fixture.Log.Running.Single().Id);

        await client.ReadToEndAsync();
        Assert.Equal((LlmOutcome.Aborted, "cancelled by hand"), ((await fixture.OnlyEndAsync()).End.Outcome, (await fixture.OnlyEndAsync()).End.Error));
    }

    [Fact]
    public async Task A_wait_has_a_deadline_and_the_reply_says_which()
    {
        var clock = new ManualTimeProvider();
        await using var upstream = TcpUpstream.Saying(Reply);
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address, gate: new GateOptions { HoldDeadline = TimeSpan.FromMinutes(1) }, time: clock);
        fixture.Gate.Set(ModelServer.Ollama, Held);
        using var client = await fixture.ConnectAsync();
        await client.SendAsync(Post("/v1/chat/completions", Asking(1)));
        await Until.True(() => clock.PendingTimerCount == 1);

        clock.Advance(TimeSpan.FromMinutes(1));
        var text = await client.ReadUntilAsync(text => text.EndsWith("}}", StringComparison.Ordinal));

        Assert.StartsWith("HTTP/1.1 503", text, StringComparison.Ordinal);
        Assert.Contains("a game runs. It waited 00:01:00, the longest that is allowed (Guard:HoldDeadline)", text, StringComparison.Ordinal);
        Assert.Equal(LlmOutcome.Refused, (await fixture.OnlyEndAsync()).End.Outcome);
    }

    [Fact]
    public async Task What_is_under_way_is_cancelled_with_the_reason_and_its_client_sees_a_broken_stream()
    {
        await using var upstream = new TcpUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.ReadBodyAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\n");
            await connection.WaitForEndAsync();
        });
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        using var client = await fixture.ConnectAsync();
        await client.SendAsync(Post("/api/chat", Asking(1)));
        await client.ReadUntilAsync(text => text.Contains("{}\n", StringComparison.Ordinal));

        fixture.Gate.Set(ModelServer.Ollama, Held);
        Assert.Equal(1, fixture.Gate.CancelRunning(ModelServer.Ollama, "Doom needs the GPU"));

        var (rest, _) = await client.ReadToEndAsync();
        Assert.DoesNotContain("0\r\n\r\n", rest, StringComparison.Ordinal);
        await Until.True(() => upstream.Connections.Single().IsGone && fixture.Gate.RunningCount(ModelServer.Ollama) == 0);
        Assert.Equal((LlmOutcome.Aborted, "cancelled: Doom needs the GPU"), ((await fixture.OnlyEndAsync()).End.Outcome, (await fixture.OnlyEndAsync()).End.Error));
    }

    [Fact]
    public async Task While_the_gate_opens_and_closes_every_request_gets_its_answer()
    {
        const int clients = 6, requests = 30;
        await using var upstream = TcpUpstream.Saying(Reply);
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        using var stop = new CancellationTokenSource();
        GateSetting[] settings = [Held, GateSetting.Open, new(1, WaitingPolicy.Hold, "hot")];
        var setting = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                fixture.Gate.Set(ModelServer.Ollama, settings[i % settings.Length]);
                await Task.Yield();
            }
        }, CancellationToken.None);

        await Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
        {
            using var client = await fixture.ConnectAsync();
            for (var i = 0; i < requests; i++)
            {
                await client.SendAsync(Post("/api/chat", Asking(i)));
                Assert.StartsWith("HTTP/1.1 200", await client.ReadUntilAsync(text => text.EndsWith(Answer, StringComparison.Ordinal)), StringComparison.Ordinal);
            }
        }));
        await stop.CancelAsync();
        await setting;

        await Until.True(() => fixture.Ends.Count == clients * requests);
        Assert.All(fixture.Ends, end => Assert.Equal(LlmOutcome.Ok, end.End.Outcome));
        Assert.Equal((0, 0), (fixture.Gate.RunningCount(ModelServer.Ollama), fixture.Gate.HeldCount(ModelServer.Ollama)));
    }

    private static int RequestPeekBytes => GpuPlatform.Collector.Ollama.Proxy.RequestPeek.MaxBytes;

    private static async Task<string> AskRefusingAsync(string path, string body)
    {
        await using var upstream = TcpUpstream.Saying(Reply);
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        fixture.Gate.Set(ModelServer.Ollama, Held with { Policy = WaitingPolicy.Refuse });
        using var client = await fixture.ConnectAsync();
        await client.SendAsync(body.Length == 0 ? $"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n" : Post(path, body));
        return await client.ReadUntilAsync(text => text.Contains("\r\n\r\n", StringComparison.Ordinal) && text.EndsWith('}'));
    }

    private static TcpUpstream Noting(ConcurrentQueue<string> arrived) => new(async connection =>
    {
        while (await connection.ReadHeadAsync() is not null)
        {
            arrived.Enqueue(await connection.ReadBodyAsync());
            await connection.SendAsync(Reply);
        }
    });

    private static string Asking(int number) => $$"""{"model":"m","messages":[{"role":"user","content":"{{number}}"}]}""";

    private static string Post(string path, string body) => $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {Encoding.Latin1.GetByteCount(body)}\r\n\r\n{body}";
}
