using GpuPlatform.Tests.Doubles.Ollama;

namespace GpuPlatform.SystemTests.Clients;

/// <summary>The official clients see the same through the proxy as they do without it, call by call; and what they did is recorded as it was.</summary>
[Collection(nameof(RunningSystem))]
public sealed class ClientTests(RunningSystem system)
{
    [Fact]
    public async Task Every_call_of_the_official_clients_is_the_same_through_the_proxy()
    {
        var direct = await RunAsync(system.Ollama.Address);
        var seenDirectly = system.Ollama.Requests;
        var proxied = await RunAsync(system.Proxy);

        Assert.True(direct.Count > 120, $"only {direct.Count} calls were made");
        Assert.All(direct.Zip(proxied), pair => Assert.Equal(pair.First, pair.Second));
        Assert.Equal(direct.Count, proxied.Count);
        Assert.Equal(seenDirectly.Count(IsFromClient), system.Ollama.Requests.Count(IsFromClient));
    }

    /// <summary>Each call as the client saw it, in one line of JSON.</summary>
    async Task<List<string>> RunAsync(Uri address)
    {
        system.Ollama.StandingClock = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        system.Ollama.Restart(ScriptedModels.All);
        var steps = await NodeScript.RunAsync("run.mjs", address.GetLeftPart(UriPartial.Authority));
        return [.. steps.EnumerateArray().Select(step => step.GetRawText())];
    }

    // The collector looks at its model server by itself as well
    static bool IsFromClient(SeenRequest request) => request.Header("User-Agent") is { } agent && !agent.StartsWith("GpuPlatform", StringComparison.Ordinal);
}
