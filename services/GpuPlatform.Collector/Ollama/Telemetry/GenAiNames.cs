using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Ollama.Telemetry;

/// <summary>
/// OpenTelemetry's names for generative models, which are in development and change between versions. Every difference between the versions is here.
/// </summary>
/// <param name="Version">Version of the semantic conventions.</param>
/// <param name="Provider">Attribute that names the model server: renamed in 1.37.</param>
/// <param name="HasStreaming">Whether there are names for streams and for cached tokens: added in 1.40 and 1.41.</param>
internal sealed record GenAiNames(string Version, string Provider, bool HasStreaming)
{
    /// <summary>Value of <c>Metrics:GenAi</c> with which there are no such metrics.</summary>
    public const string Off = "off";

    public static IReadOnlyList<GenAiNames> All { get; } =
        [new("1.36", "gen_ai.system", HasStreaming: false), new("1.37", "gen_ai.provider.name", HasStreaming: false), new("1.41", "gen_ai.provider.name", HasStreaming: true)];

    public static GenAiNames Newest => All[^1];

    /// <summary>The names of a version; null when it is not known, or off.</summary>
    public static GenAiNames? For(string version) => All.FirstOrDefault(names => names.Version == version);

    /// <summary>Value of <c>error.type</c>, one of few; null of a request that ended well.</summary>
    public static string? ErrorType(LlmRequestCompleted record) => record switch
    {
        { Outcome: LlmOutcome.Ok } => null,
        { StatusCode: >= 400 and <= 599 and var status } => status.ToString(),
        { Outcome: LlmOutcome.Aborted } => "cancelled",
        { Outcome: LlmOutcome.Refused } => "refused",
        _ => "_OTHER",
    };
}
