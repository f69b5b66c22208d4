using GpuPlatform.Collector.Ollama.Models;

namespace GpuPlatform.Collector.Guard.Eviction;

/// <summary>A server of a kind that nobody knows how to tell.</summary>
internal sealed class NoEviction(IServerReader reader, ServerClient client) : ServerEviction(reader, client)
{
    public override Task<string?> UnloadAsync(IReadOnlyList<string> models, CancellationToken cancellation) =>
        Task.FromResult<string?>("its models cannot be told to leave; that can be done with Ollama, llama-swap, vLLM, llama.cpp and LM Studio");

    public override Task<string?> WarmAsync(IReadOnlyList<string> models, CancellationToken cancellation) => Task.FromResult<string?>(null);
}
