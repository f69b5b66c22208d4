using GpuPlatform.Collector.Ollama;
using GpuPlatform.Tests.Collector.Ollama.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Tests.Collector.Ollama;

public sealed class FurtherServersTests
{
    [Fact]
    public async Task Servers_are_read_from_the_configuration_and_listed_by_name_after_ollama()
    {
        await using var collector = new PollFixture(
            ("Ollama:Servers:vllm:Listen", "http://0.0.0.0:18000"), ("Ollama:Servers:vllm:Upstream", "https://gpu.example:8000"), ("Ollama:Servers:vllm:Metrics", "off"),
            ("Ollama:Keys:me", "a-key-of-some-length"), ("Ollama:Servers:llama-cpp:Listen", "http://127.0.0.1:18080"), ("Ollama:Servers:llama-cpp:Upstream", "http://127.0.0.1:8080"));
        var servers = collector.Services.GetRequiredService<IOptions<OllamaOptions>>().Value.Servers();
        Assert.Equal(["ollama", "llama-cpp", "vllm"], servers.Select(server => server.Name));
        Assert.Equal((18000, "https://gpu.example:8000/", "off"), (servers[2].Listen.Port, servers[2].Upstream.AbsoluteUri, servers[2].Metrics));
        Assert.Null(servers[1].Metrics);
    }

    [Fact]
    public void They_work_without_ollama_and_may_take_its_port()
    {
        var options = new OllamaOptions { Listen = "" };
        options.Further["swap"] = new FurtherServer { Listen = "http://127.0.0.1:11434", Upstream = "http://127.0.0.1:8080" };
        Assert.True(options.Validate(null, options).Succeeded);
        Assert.Equal("swap", Assert.Single(options.Servers()).Name);
    }

    [Theory]
    [InlineData("Vllm", "http://127.0.0.1:1", "http://127.0.0.1:2", null, "Ollama:Servers:Vllm has a name that cannot be used")]
    [InlineData("ollama", "http://127.0.0.1:1", "http://127.0.0.1:2", null, "Ollama:Servers:ollama has a name that cannot be used")]
    [InlineData("a", null, "http://127.0.0.1:2", null, "Ollama:Servers:a:Listen is not set; accepted is http://host:port")]
    [InlineData("a", "https://127.0.0.1:1", "http://127.0.0.1:2", null, "Ollama:Servers:a:Listen is 'https://127.0.0.1:1'; accepted is http://host:port")]
    [InlineData("a", "http://127.0.0.1:1", "http://127.0.0.1:2/v1", null, "Ollama:Servers:a:Upstream is 'http://127.0.0.1:2/v1'; accepted is http://host:port or https://host:port")]
    [InlineData("a", "http://127.0.0.1:1", "http://me:secret@127.0.0.1:2", null, "Ollama:Servers:a:Upstream is")]
    [InlineData("a", "http://127.0.0.1:1", "http://127.0.0.1:2", "metrics", "Ollama:Servers:a:Metrics is 'metrics'; accepted is a path, as in /metrics, or off")]
    [InlineData("a", "http://127.0.0.1:1", "http://127.0.0.1:2", "//elsewhere/metrics", "Ollama:Servers:a:Metrics is '//elsewhere/metrics'")]
    [InlineData("a", "http://127.0.0.1:11435", "http://127.0.0.1:2", null, "Ollama:Listen and Ollama:Servers:a:Listen are both http://127.0.0.1:11435")]
    [InlineData("a", "http://localhost:9", "http://127.0.0.1:9", null, "Ollama:Servers:a:Listen and Ollama:Servers:a:Upstream are both http://127.0.0.1:9")]
    [InlineData("a", "http://0.0.0.0:11434", "http://127.0.0.1:9", null, "Ollama:Servers:a:Listen and Ollama:Upstream are both http://127.0.0.1:11434")]
    [InlineData("a", "http://127.0.0.1:1", "http://[::1]:11435", null, "Ollama:Listen and Ollama:Servers:a:Upstream are both http://[::1]:11435")]
    public void What_cannot_be_used_is_said_with_its_key(string name, string? listen, string? upstream, string? metrics, string problem)
    {
        var options = new OllamaOptions();
        options.Keys["me"] = "a-key-of-some-length";
        options.Further[name] = new FurtherServer { Listen = listen, Upstream = upstream, Metrics = metrics };
        Assert.StartsWith(problem, Assert.Single(options.Validate(null, options).Failures!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://me:secret@127.0.0.1:11435", "http://127.0.0.1:11434", "Ollama:Listen is 'http://me:secret@127.0.0.1:11435'; accepted is http://host:port")]
    [InlineData("http://127.0.0.1:11435#x", "http://127.0.0.1:11434", "Ollama:Listen is 'http://127.0.0.1:11435#x'; accepted is http://host:port")]
    [InlineData("http://127.0.0.1:11435", "http://me@127.0.0.1:11435", "Ollama:Upstream is 'http://me@127.0.0.1:11435'; accepted is http://host:port or https://host:port")]
    [InlineData("http://127.0.0.1:11435", "http://127.0.0.1:0", "Ollama:Upstream is 'http://127.0.0.1:0'; accepted is http://host:port or https://host:port")]
    [InlineData("http://127.0.0.1:11435", "", "Ollama:Upstream is ''; accepted is http://host:port or https://host:port")]
    [InlineData("http://127.0.0.1:11435", "https://gpu.example:11434", null)]
    public void The_addresses_of_Ollama_are_held_to_the_same(string listen, string upstream, string? problem)
    {
        var options = new OllamaOptions { Listen = listen, Upstream = upstream };
        Assert.Equal(problem, options.Validate(null, options).Failures?.Single());
    }

    [Fact]
    public void One_that_can_be_reached_from_beyond_this_host_needs_keys_of_its_clients()
    {
        var options = new OllamaOptions();
        options.Further["a"] = new FurtherServer { Listen = "http://0.0.0.0:18000", Upstream = "http://127.0.0.1:9" };
        Assert.StartsWith("Ollama:Servers:a:Listen is http://0.0.0.0:18000, which can be reached from beyond this host", Assert.Single(options.Validate(null, options).Failures!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("00:00:00.5")]
    [InlineData("00:10:01")]
    public void The_pace_of_looks_has_bounds(string interval)
    {
        var options = new OllamaOptions { PollInterval = TimeSpan.Parse(interval, System.Globalization.CultureInfo.InvariantCulture) };
        Assert.Contains("accepted are 00:00:01 to 00:10:00", Assert.Single(options.Validate(null, options).Failures!), StringComparison.Ordinal);
    }
}
