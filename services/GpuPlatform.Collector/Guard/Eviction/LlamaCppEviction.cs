using System.Net;
using System.Text.Json;
using GpuPlatform.Collector.Ollama.Models;

namespace GpuPlatform.Collector.Guard.Eviction;

/// <summary>llama.cpp's server, which can let models go when it was started without one.</summary>
internal sealed class LlamaCppEviction(IServerReader reader, ServerClient client) : ServerEviction(reader, client)
{
    private const string ModelsPath = "/v1/models", UnloadPath = "/models/unload", LoadPath = "/models/load";
    private const string OneModel = "this llama-server was started with its model and keeps it; start it without one (with --models-dir), or with --sleep-idle-seconds";

    // Of one that is not loaded it says that the request is wrong
    public override async Task<string?> UnloadAsync(IReadOnlyList<string> models, CancellationToken cancellation) => !await IsRouterAsync(cancellation) ? OneModel
        : await ForEachAsync(models, async model =>
            ProblemOf(await PostAsync(UnloadPath, ("model", model), UnloadPatience, cancellation), HttpStatusCode.NotFound, HttpStatusCode.BadRequest));

    public override async Task<string?> WarmAsync(IReadOnlyList<string> models, CancellationToken cancellation) => !await IsRouterAsync(cancellation) ? null
        : await ForEachAsync(models, async model => ProblemOf(await PostAsync(LoadPath, ("model", model), WarmPatience, cancellation)));

    private async Task<bool> IsRouterAsync(CancellationToken cancellation)
    {
        using var answer = (await Client.GetAsync(ModelsPath, cancellation)).ToJson();
        var list = new AnswerReader(ModelsPath);
        return list.List(answer.RootElement, "data").Any(model => list.Object(model, "status") is { ValueKind: JsonValueKind.Object });
    }
}
