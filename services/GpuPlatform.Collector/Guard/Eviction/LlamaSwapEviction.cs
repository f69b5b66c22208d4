using System.Net;
using GpuPlatform.Collector.Ollama.Models;

namespace GpuPlatform.Collector.Guard.Eviction;

/// <summary>llama-swap, which ends the processes of its models.</summary>
internal sealed class LlamaSwapEviction(IServerReader reader, ServerClient client) : ServerEviction(reader, client)
{
    private const string UnloadPath = "/api/models/unload", OlderUnloadPath = "/unload";

    public override async Task<string?> UnloadAsync(IReadOnlyList<string> models, CancellationToken cancellation)
    {
        var answer = await Client.PostAsync(UnloadPath, default, UnloadPatience, cancellation);
        if (answer.Status is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed) answer = await Client.GetAsync(OlderUnloadPath, cancellation, UnloadPatience);
        return ProblemOf(answer);
    }

    // It starts a model for whoever asks for anything of it
    public override Task<string?> WarmAsync(IReadOnlyList<string> models, CancellationToken cancellation) => ForEachAsync(models, async model =>
        ProblemOf(await Client.GetAsync($"/upstream/{Uri.EscapeDataString(model).Replace("%2F", "/", StringComparison.Ordinal)}/health", cancellation, WarmPatience)));
}
