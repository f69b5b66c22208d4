namespace GpuPlatform.Collector.Ollama;

/// <summary>A model server that the proxy stands before.</summary>
/// <param name="Name">Its name in records and metrics; <c>ollama</c> for the first.</param>
/// <param name="Listen">Address the proxy listens on for it.</param>
/// <param name="Upstream">Where it runs.</param>
internal sealed record ModelServer(string Name, Uri Listen, Uri Upstream)
{
    /// <summary>Name of the server at <c>Ollama:Upstream</c>, the only real one that speaks Ollama's own API.</summary>
    public const string Ollama = "ollama";

    /// <summary>Whether its processes are Ollama's.</summary>
    public bool IsOllama { get; init; } = Name == Ollama;

    /// <summary>Path of its own metrics, or <c>off</c>; null when nobody said.</summary>
    public string? Metrics { get; init; }

    /// <summary>UUIDs of the GPUs it may use; empty: it runs elsewhere; null when nobody said.</summary>
    public IReadOnlyList<string>? Gpus { get; init; }
}
