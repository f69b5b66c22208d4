using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Tests.Collector.Ollama.Proxy;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Guard.Gate;

/// <summary>Paths at which models may work though the proxy cannot read what they say.</summary>
public sealed class UnreadWorkTests
{
    private const string Body = "{\"prompt\":\"x\"}";

    [Theory]
    [InlineData("/completion")]
    [InlineData("/infill")]
    [InlineData("/v1/rerank")]
    [InlineData("/pooling")]
    [InlineData("/v1/audio/transcriptions")]
    [InlineData("/api/models/load")]
    [InlineData("/a/path/of/the/next/release")]
    public async Task What_may_have_a_model_work_waits_and_arrives_whole(string path)
    {
        await using var upstream = TcpUpstream.Saying(GatedProxyTests.Reply);
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        fixture.Gate.Set(ModelServer.Ollama, GatedProxyTests.Held);
        using var client = await fixture.ConnectAsync();
        await client.SendAsync(GatedProxyTests.Post(path, Body));
        await Until.True(() => fixture.Gate.HeldCount(ModelServer.Ollama) == 1);
        Assert.Empty(upstream.Connections);

        fixture.Gate.Set(ModelServer.Ollama, GateSetting.Open);

        var text = await client.ReadUntilAsync(text => text.EndsWith(GatedProxyTests.Answer, StringComparison.Ordinal));
        Assert.StartsWith("HTTP/1.1 200", text, StringComparison.Ordinal);
        Assert.Equal(Body, Assert.Single(upstream.Bodies));
        await Until.True(() => fixture.Gate.RunningCount(ModelServer.Ollama) == 0);
        Assert.Empty(fixture.Ends);
    }

    [Theory]
    [InlineData("/api/pull")]
    [InlineData("/api/blobs/sha256:12")]
    [InlineData("/api/show")]
    [InlineData("/models/unload")]
    [InlineData("/sleep")]
    [InlineData("/tokenize")]
    [InlineData("/v1/messages/count_tokens")]
    [InlineData("/v1/responses/resp_1/cancel")]
    public async Task What_leaves_the_gpu_alone_or_gives_it_back_passes_a_closed_gate(string path)
    {
        await using var upstream = TcpUpstream.Saying(GatedProxyTests.Reply);
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        fixture.Gate.Set(ModelServer.Ollama, GatedProxyTests.Held);
        using var client = await fixture.ConnectAsync();

        await client.SendAsync(GatedProxyTests.Post(path, Body));

        await client.ReadUntilAsync(text => text.EndsWith(GatedProxyTests.Answer, StringComparison.Ordinal));
        Assert.Equal(0, fixture.Gate.HeldCount(ModelServer.Ollama));
    }

    [Fact]
    public async Task It_is_refused_where_that_is_wanted_and_in_the_words_of_its_path()
    {
        await using var upstream = TcpUpstream.Saying(GatedProxyTests.Reply);
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        fixture.Gate.Set(ModelServer.Ollama, GatedProxyTests.Held with { Policy = WaitingPolicy.Refuse });
        using var client = await fixture.ConnectAsync();

        await client.SendAsync(GatedProxyTests.Post("/v1/rerank", Body));

        var text = await client.ReadUntilAsync(text => text.EndsWith("}}", StringComparison.Ordinal));
        Assert.StartsWith("HTTP/1.1 503", text, StringComparison.Ordinal);
        Assert.Contains("Retry-After: 30\r\n", text, StringComparison.Ordinal);
        Assert.Contains("a game runs", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Under_way_it_is_counted_waited_for_and_cancelled()
    {
        await using var upstream = new TcpUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.ReadBodyAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\n");
            await connection.WaitForEndAsync();
        });
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        using var client = await fixture.ConnectAsync();
        await client.SendAsync(GatedProxyTests.Post("/completion", Body));
        await client.ReadUntilAsync(text => text.Contains("{}\n", StringComparison.Ordinal));
        Assert.Equal(1, fixture.Gate.RunningCount(ModelServer.Ollama));

        Assert.Equal(1, fixture.Gate.CancelRunning(ModelServer.Ollama, "Doom needs the GPU"));

        await client.ReadToEndAsync();
        await Until.True(() => upstream.Connections.Single().IsGone && fixture.Gate.RunningCount(ModelServer.Ollama) == 0);
    }

    [Fact]
    public async Task A_client_that_goes_while_it_waits_is_dropped()
    {
        await using var upstream = TcpUpstream.Saying(GatedProxyTests.Reply);
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        fixture.Gate.Set(ModelServer.Ollama, GatedProxyTests.Held);
        using var client = await fixture.ConnectAsync();
        await client.SendAsync(GatedProxyTests.Post("/completion", Body));
        await Until.True(() => fixture.Gate.HeldCount(ModelServer.Ollama) == 1);

        client.Reset();

        await Until.True(() => fixture.Gate.HeldCount(ModelServer.Ollama) == 0);
        fixture.Gate.Set(ModelServer.Ollama, GateSetting.Open);
        Assert.Empty(upstream.Connections);
    }

    [Fact]
    public void What_llama_swap_would_start_a_model_for_is_work_whatever_its_method()
    {
        var swap = new ModelServer("swap", new Uri("http://127.0.0.1:1"), new Uri("http://127.0.0.1:2"));
        Assert.True(UnreadWork.MayBe(swap, "GET", "/upstream/qwen/health"));
        Assert.False(UnreadWork.MayBe(swap, "GET", "/v1/models"));
        Assert.False(UnreadWork.MayBe(swap, "DELETE", "/api/delete"));
        Assert.DoesNotContain(LlmEndpoint.All, endpoint => !UnreadWork.MayBe(swap, "POST", endpoint.Path));
    }
}
