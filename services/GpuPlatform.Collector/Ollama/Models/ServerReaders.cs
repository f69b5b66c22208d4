using System.Text.Json;

namespace GpuPlatform.Collector.Ollama.Models;

/// <summary>Finds out how a server wants to be asked, each time that it comes back: another one may have taken its place.</summary>
internal static class ServerReaders
{
    public static async Task<IServerReader> ChooseAsync(ModelServer server, ServerClient client, TimeProvider time, CancellationToken cancellation)
    {
        if (server.IsOllama) return new OllamaReader(client, time);
        // A second Ollama, on another GPU
        using var answer = await client.TryGetJsonAsync(OllamaReader.ResidentPath, cancellation);
        return answer?.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("models", out _)
            ? new OllamaReader(client, time)
            : new OpenAiReader(client, server.Metrics);
    }
}
