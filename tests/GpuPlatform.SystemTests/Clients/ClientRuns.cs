using System.Text.Json;
using GpuPlatform.Tests.Doubles.Ollama;

namespace GpuPlatform.SystemTests.Clients;

/// <summary>Every call of the official clients, made twice: straight to the model server, and through the proxy.</summary>
public sealed class ClientRuns(RunningSystem system) : IAsyncLifetime
{
    internal ClientRun Direct { get; private set; } = null!;

    internal ClientRun Proxied { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Direct = await RunAsync(system.Ollama.Address);
        Proxied = await RunAsync(system.Proxy);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    async Task<ClientRun> RunAsync(Uri address)
    {
        system.Ollama.StandingClock = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        system.Ollama.Restart(ScriptedModels.All);
        var startedAt = DateTimeOffset.UtcNow;
        var steps = await NodeScript.RunAsync("run.mjs", address.GetLeftPart(UriPartial.Authority));
        return new ClientRun(startedAt, [.. steps.EnumerateArray()], [.. system.Ollama.Requests.Where(IsFromClient)]);
    }

    // The collector looks at its model server by itself as well
    static bool IsFromClient(SeenRequest request) => request.Header("User-Agent") is { } agent && !agent.StartsWith("GpuPlatform", StringComparison.Ordinal);
}

/// <summary>What came of one run.</summary>
/// <param name="StartedAt">When it began.</param>
/// <param name="Steps">Each call as its client saw it.</param>
/// <param name="Seen">Each request as the model server saw it.</param>
internal sealed record ClientRun(DateTimeOffset StartedAt, IReadOnlyList<JsonElement> Steps, IReadOnlyList<SeenRequest> Seen);
