using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Guard.Gate;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Collector.Ollama.Proxy;
using GpuPlatform.Tests.Doubles;
using static GpuPlatform.Tests.Collector.Guard.Gate.GatedProxyTests;

namespace GpuPlatform.Tests.Collector.Guard.Gate;

public sealed class GatePassTests
{
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

    private static async Task<string> AskRefusingAsync(string path, string body)
    {
        await using var upstream = TcpUpstream.Saying(Reply);
        await using var fixture = await ProxyFixture.StartAsync(upstream.Address);
        fixture.Gate.Set(ModelServer.Ollama, Held with { Policy = WaitingPolicy.Refuse });
        using var client = await fixture.ConnectAsync();
        await client.SendAsync(body.Length == 0 ? $"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n" : Post(path, body));
        return await client.ReadUntilAsync(text => text.Contains("\r\n\r\n", StringComparison.Ordinal) && text.EndsWith('}'));
    }
}
