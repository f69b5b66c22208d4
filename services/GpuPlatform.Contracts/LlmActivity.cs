using System.Text.Json.Serialization;

namespace GpuPlatform.Contracts;

/// <summary>
/// What a host's model servers do at this moment: sent about once a second while a request runs, else when something changed and with every heartbeat
/// interval. Only the newest of a node counts; none is kept.
/// </summary>
public sealed record LlmActivity
{
    /// <summary>The host's id.</summary>
    public required string NodeId { get; init; }

    /// <summary>UTC instant of the look, in whole milliseconds.</summary>
    public required DateTimeOffset SampledAt { get; init; }

    /// <summary>Every configured model server, in order of configuration.</summary>
    public required IReadOnlyList<LlmServer> Servers { get; init; }

    /// <summary>Requests under way, oldest first; at most 200.</summary>
    public required IReadOnlyList<LlmRunningRequest> InFlight { get; init; }

    /// <summary>Requests under way, those beyond the list included.</summary>
    public int InFlightCount { get; init; }
}

/// <summary>A model server behind the proxy.</summary>
public sealed record LlmServer
{
    /// <summary>The kind that speaks Ollama's own API.</summary>
    public const string Ollama = "ollama";

    /// <summary>Its name in the configuration.</summary>
    public required string Name { get; init; }

    /// <summary>What kind of server it is: <see cref="Ollama"/>, or <c>vllm</c>, <c>llama.cpp</c>, <c>llama-swap</c>, <c>lm-studio</c>, <c>other</c>; null while it is not known.</summary>
    public string? Kind { get; init; }

    /// <summary>Where clients reach it through the proxy, as in <c>http://127.0.0.1:11435</c>; null while the proxy cannot listen.</summary>
    public string? Address { get; init; }

    /// <summary>Where it runs itself.</summary>
    public required string Upstream { get; init; }

    /// <summary>True when it answered last.</summary>
    public bool Reachable { get; init; }

    /// <summary>What is wrong, in words: it does not answer, the proxy cannot listen; null when all is well.</summary>
    public string? Problem { get; init; }

    /// <summary>Its version; null when it did not say.</summary>
    public string? Version { get; init; }

    /// <summary>Models in memory.</summary>
    public IReadOnlyList<ResidentModel> Resident { get; init; } = [];

    /// <summary>Models on disk; null when it has no list of them.</summary>
    public IReadOnlyList<AvailableModel>? Available { get; init; }

    /// <summary>Requests it works on, from its own metrics; null when it has none.</summary>
    public int? RequestsRunning { get; init; }

    /// <summary>Requests that wait in it, from its own metrics.</summary>
    public int? RequestsWaiting { get; init; }

    /// <summary>Used share of its key-value cache, 0–100 %, from its own metrics.</summary>
    public double? CacheUsedPercent { get; init; }
}

/// <summary>A model in memory (Ollama's <c>/api/ps</c>).</summary>
public sealed record ResidentModel
{
    /// <summary>Its name, as in <c>llama3.2:3b</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Memory it takes in all, in bytes.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>The part of it that is GPU memory, in bytes.</summary>
    public long? VramBytes { get; init; }

    /// <summary>Longest context it was loaded for, in tokens.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Family, as in <c>llama</c>.</summary>
    public string? Family { get; init; }

    /// <summary>Parameters, as in <c>3.2B</c>.</summary>
    public string? ParameterSize { get; init; }

    /// <summary>Quantisation, as in <c>Q4_K_M</c>.</summary>
    public string? Quantization { get; init; }

    /// <summary>UTC instant at which it was first seen; null when it was there before the collector.</summary>
    public DateTimeOffset? LoadedAt { get; init; }

    /// <summary>UTC instant at which it will be unloaded; null when it stays.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>True when its time has passed and it is still there.</summary>
    public bool Stopping { get; init; }

    /// <summary>How long loading took, in milliseconds, from a request that waited for it.</summary>
    public double? LoadMs { get; init; }
}

/// <summary>A model on disk (Ollama's <c>/api/tags</c>, else <c>/v1/models</c>).</summary>
public sealed record AvailableModel
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Bytes on disk.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>Family.</summary>
    public string? Family { get; init; }

    /// <summary>Parameters.</summary>
    public string? ParameterSize { get; init; }

    /// <summary>Quantisation.</summary>
    public string? Quantization { get; init; }

    /// <summary>True when it runs elsewhere and uses no GPU of this host.</summary>
    public bool Remote { get; init; }
}

/// <summary>A request under way.</summary>
public sealed record LlmRunningRequest
{
    /// <summary>Identity, that of its <see cref="LlmRequestCompleted"/>.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>UTC instant of its arrival.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Age, in milliseconds.</summary>
    public required double AgeMs { get; init; }

    /// <summary>Model server.</summary>
    public required string Server { get; init; }

    /// <summary>Path that was asked.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Model that was asked for.</summary>
    public string? Model { get; init; }

    /// <summary>Who asked.</summary>
    public required LlmClient Client { get; init; }

    /// <summary>What it does.</summary>
    public required LlmPhase Phase { get; init; }

    /// <summary>Pieces of reply so far: about its tokens.</summary>
    public long Tokens { get; init; }

    /// <summary>Tokens per second over the last seconds; null before two.</summary>
    public double? TokensPerSecond { get; init; }

    /// <summary>Request fully received → first token, in milliseconds; null before it.</summary>
    public double? TimeToFirstTokenMs { get; init; }

    /// <summary>True when the model runs elsewhere.</summary>
    public bool Remote { get; init; }
}

/// <summary>What a request under way does, as far as the wire tells.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LlmPhase>))]
public enum LlmPhase
{
    /// <summary>Its body still comes.</summary>
    [JsonStringEnumMemberName("receiving")]
    Receiving,

    /// <summary>It waits in the proxy, since the GPU is not for models now.</summary>
    [JsonStringEnumMemberName("held")]
    Held,

    /// <summary>It was passed on and nothing came back yet: queued, loading, or reading the prompt.</summary>
    [JsonStringEnumMemberName("waiting")]
    Waiting,

    /// <summary>The model thinks.</summary>
    [JsonStringEnumMemberName("thinking")]
    Thinking,

    /// <summary>The model answers.</summary>
    [JsonStringEnumMemberName("answering")]
    Answering,
}
