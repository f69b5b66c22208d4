using GpuPlatform.Collector.Ollama.Requests.Clients;

namespace GpuPlatform.Tests.Collector.Ollama.Requests.Clients;

public sealed class UserAgentsTests
{
    [Theory]
    [InlineData("ollama/0.13.3 (amd64 linux) Go/go1.24.1", "ollama", false)]
    [InlineData("ollama-python/0.4.7 (x86_64 linux) Python/3.11.9", "ollama-python", false)]
    [InlineData("ollama-js/0.5.12 (x64 linux Node.js/v22.1.0)", "ollama-js", false)]
    [InlineData("OpenAI/Python 1.61.0", "openai-python", false)]
    [InlineData("AsyncOpenAI/Python 1.61.0", "openai-python", false)]
    [InlineData("AsyncAzureOpenAI/Python 1.61.0", "openai-python", false)]
    [InlineData("OpenAI/JS 4.77.0", "openai-js", false)]
    [InlineData("OpenAI/2.1.0 (.NET 10.0.1)", "openai", false)]
    [InlineData("Anthropic/JS 0.39.0", "anthropic-js", false)]
    [InlineData("claude-cli/2.0.1 (external, cli)", "claude-code", false)]
    [InlineData("open-webui", "open-webui", false)]
    [InlineData("curl/8.5.0", "curl", false)]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36", "browser", false)]
    [InlineData("MyApp-1.2.3", "MyApp", false)]
    [InlineData("my-app v2", "my-app", false)]
    [InlineData("Go-http-client/1.1", "go-http-client", true)]
    [InlineData("python-requests/2.32.3", "python-requests", true)]
    [InlineData("Python-urllib/3.12", "python-urllib", true)]
    [InlineData("Python/3.11 aiohttp/3.11.11", "aiohttp", true)]
    [InlineData("node", "node", true)]
    [InlineData("undici", "undici", true)]
    [InlineData("axios/1.7.9", "axios", true)]
    public void Only_the_product_counts_and_libraries_are_known_for_such(string sent, string name, bool isGeneric) =>
        Assert.Equal(new ClientAgent(name, isGeneric), UserAgents.Parse(sent));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("/1.0")]
    [InlineData("1.2.3")]
    [InlineData("(compatible)")]
    public void What_names_no_product_is_none(string? sent) => Assert.Null(UserAgents.Parse(sent));

    [Fact]
    public void A_product_without_end_takes_no_time_without_end()
    {
        var name = UserAgents.Parse(new string('a', 1 << 20) + "-1.1.1.1.1!")!.Value.Name;
        Assert.Equal(ClientNames.MostCharacters, name.Length);
        Assert.NotNull(UserAgents.Parse("x" + string.Concat(Enumerable.Repeat("-1.1", 100_000))));
    }
}
