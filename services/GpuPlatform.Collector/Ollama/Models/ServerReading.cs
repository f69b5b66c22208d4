using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Ollama.Models;

/// <summary>What a model server said at one look.</summary>
internal sealed record ServerReading
{
    /// <summary>See <see cref="LlmServer.Kind"/>.</summary>
    public required string Kind { get; init; }

    public string? Version { get; init; }

    /// <summary>In memory, each name once; null when it does not say which are.</summary>
    public IReadOnlyList<LoadedModel>? Resident { get; init; }

    public IReadOnlyList<AvailableModel>? Available { get; init; }

    public ServerLoad Load { get; init; }

    /// <summary>What was not understood.</summary>
    public IReadOnlyCollection<string> Oddities { get; init; } = [];
}

/// <summary>A model in memory, with what tells it from the same model loaded anew.</summary>
internal sealed record LoadedModel(ResidentModel Model, string? Digest);

/// <summary>How much a server has to do, by its own metrics.</summary>
internal readonly record struct ServerLoad(int? Running, int? Waiting, double? CacheUsedPercent);

/// <summary>Knows how to ask one kind of model server.</summary>
internal interface IServerReader
{
    /// <param name="isBusy">True while requests are under way at it through the proxy.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ServerProblem">It does not answer, or not what it should.</exception>
    Task<ServerReading> ReadAsync(bool isBusy, CancellationToken cancellation);
}
