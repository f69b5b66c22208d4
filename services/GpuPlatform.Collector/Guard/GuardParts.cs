using GpuPlatform.Collector.Guard.Eviction;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Sampling;

namespace GpuPlatform.Collector.Guard;

/// <summary>What the guard of a host works with.</summary>
internal sealed record GuardParts
{
    public required string NodeId { get; init; }

    public required GuardOptions Options { get; init; }

    public required TimeProvider Time { get; init; }

    public required LatestSample Latest { get; init; }

    public required SamplingPace Pace { get; init; }

    public required IModelGate Gate { get; init; }

    public required ILlmServers Llm { get; init; }

    public required IGuardPublisher Publisher { get; init; }

    public required IRunnerSignals Signals { get; init; }

    public required GuardSight Sight { get; init; }

    public required GuardFile File { get; init; }

    public required GuardMetrics Metrics { get; init; }

    /// <summary>Asks for a look at the driver's process lists.</summary>
    public required Action AskForLook { get; init; }

    public required IReadOnlyList<ServerModels> Servers { get; init; }

    public IGameReports? Games { get; init; }

    public required ILogger Logger { get; init; }
}
