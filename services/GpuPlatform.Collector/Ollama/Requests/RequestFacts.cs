namespace GpuPlatform.Collector.Ollama.Requests;

/// <summary>What a request's body told before it was passed on.</summary>
internal sealed record RequestFacts
{
    /// <summary>Nothing could be read.</summary>
    public static readonly RequestFacts None = new();

    public string? Model { get; init; }

    /// <summary>As asked; null when the request does not say.</summary>
    public bool? Stream { get; init; }

    /// <summary>True when the client itself asked for token counts in the stream.</summary>
    public bool IncludesUsage { get; init; }

    /// <summary>True when the proxy asked for them.</summary>
    public bool UsageInjected { get; init; }

    /// <summary>True when it asks for no token: only to load, or to unload.</summary>
    public bool LoadOnly { get; init; }

    /// <summary>True when it asks for no token and for its model to be unloaded: Ollama's <c>keep_alive: 0</c>.</summary>
    public bool Unloads { get; init; }

    /// <summary>True when the proxy told the server to leave the GPU alone.</summary>
    public bool OnProcessor { get; init; }

    /// <summary>The context asked for, Ollama's <c>options.num_ctx</c>.</summary>
    public int? ContextLength { get; init; }
}
