using System.Text.Json.Serialization;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Guard;

/// <summary>What the next run of the collector must know of one GPU.</summary>
internal sealed record GpuMemory
{
    public required string GpuUuid { get; init; }

    public required GuardState State { get; init; }

    public Guid? HandOverId { get; init; }

    public GuardCause Cause { get; init; }

    public string Reason { get; init; } = "";

    public GuardProcess? Process { get; init; }

    public long? MemoryUsedBeforeBytes { get; init; }

    public string? TraceParent { get; init; }

    public IReadOnlyList<ModelMemory> Models { get; init; } = [];

    public ManualChoice? Manual { get; init; }

    public SeenFaults? Seen { get; init; }

    /// <summary>Whether there is anything to remember.</summary>
    [JsonIgnore]
    public bool IsAnything => State != GuardState.Serving || Manual is not null || Seen is not null;
}

/// <summary>A model that a hand-over sent away.</summary>
/// <param name="Server">Where it was.</param>
/// <param name="Name">Its name.</param>
/// <param name="ExpiresAt">UTC instant at which it would have left by itself; null: never, or nobody knows.</param>
internal sealed record ModelMemory(string Server, string Name, DateTimeOffset? ExpiresAt);

/// <summary>The file.</summary>
internal sealed record HostMemory
{
    public int Version { get; init; } = 1;

    public IReadOnlyList<GpuMemory> Gpus { get; init; } = [];
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(TolerantEnumConverter)])]
[JsonSerializable(typeof(HostMemory))]
internal sealed partial class GuardJson : JsonSerializerContext;
