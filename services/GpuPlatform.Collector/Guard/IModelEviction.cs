using GpuPlatform.Collector.Ollama;

namespace GpuPlatform.Collector.Guard;

/// <summary>What a server's models are at, asked of the server itself.</summary>
/// <param name="Resident">Models in memory; null when it did not say.</param>
/// <param name="Problem">Why it did not, in words.</param>
internal sealed record EvictionLook(IReadOnlyList<string>? Resident, string? Problem);

/// <summary>Makes models leave a server and come back, whatever kind of server it is. Every call is bounded in time and throws nothing but at the end of the program.</summary>
internal interface IModelEviction
{
    /// <summary>Which models are in memory now.</summary>
    Task<EvictionLook> LookAsync(ModelServer server, CancellationToken cancellation);

    /// <summary>Asks every resident model to leave; gives what went wrong, in words, null when nothing did. To be asked again is harmless.</summary>
    Task<string?> UnloadAsync(ModelServer server, IReadOnlyList<string> models, CancellationToken cancellation);

    /// <summary>Loads models again; gives what went wrong.</summary>
    Task<string?> WarmAsync(ModelServer server, IReadOnlyList<string> models, CancellationToken cancellation);
}
