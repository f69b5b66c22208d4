using GpuPlatform.Collector.Ollama.Models;

namespace GpuPlatform.Collector.Guard.Eviction;

/// <summary>LM Studio, from the release on that has an API for it.</summary>
internal sealed class LmStudioEviction(IServerReader reader, ServerClient client) : ServerEviction(reader, client)
{
    private const string UnloadPath = "/api/v1/models/unload", LoadPath = "/api/v1/models/load";

    public override Task<string?> UnloadAsync(IReadOnlyList<string> models, CancellationToken cancellation) => ForEachAsync(models, async model =>
        ProblemOf(await PostAsync(UnloadPath, ("instance_id", model), UnloadPatience, cancellation)));

    public override Task<string?> WarmAsync(IReadOnlyList<string> models, CancellationToken cancellation) => ForEachAsync(models, async model =>
        ProblemOf(await PostAsync(LoadPath, ("model", model), WarmPatience, cancellation)));
}
