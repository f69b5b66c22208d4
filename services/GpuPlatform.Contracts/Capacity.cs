using System.Text.Json.Serialization;

namespace GpuPlatform.Contracts;

/// <summary>Answer of <see cref="Routes.Capacity"/>: the memory of each GPU and who has it.</summary>
public sealed record CapacityReport
{
    /// <summary>The host's id.</summary>
    public required string NodeId { get; init; }

    /// <summary>UTC instant of the readings; null when there is none.</summary>
    public DateTimeOffset? SampledAt { get; init; }

    /// <summary>One for each GPU that answers, in the order of the host.</summary>
    public required IReadOnlyList<GpuCapacity> Gpus { get; init; }
}

/// <summary>The memory of one GPU. All in bytes; null: the driver did not say.</summary>
public sealed record GpuCapacity
{
    /// <summary>The GPU.</summary>
    public required string GpuUuid { get; init; }

    /// <summary>Its position on the host.</summary>
    public required int GpuIndex { get; init; }

    /// <summary>Marketing name.</summary>
    public required string Name { get; init; }

    /// <summary>To whom it belongs.</summary>
    public GuardState State { get; init; }

    /// <summary>All of it.</summary>
    public long? TotalBytes { get; init; }

    /// <summary>What nobody has.</summary>
    public long? FreeBytes { get; init; }

    /// <summary>What models of this host's servers have, that would be free after unloading them.</summary>
    public long? ReclaimableBytes { get; init; }

    /// <summary>Who has the rest, by kind of work, most first; null while the processes are not known.</summary>
    public IReadOnlyList<KindMemory>? UsedByKind { get; init; }

    /// <summary>Change of the used memory over the last minutes, in bytes a minute; null before there are several readings.</summary>
    public double? TrendBytesPerMinute { get; init; }
}

/// <summary>What processes of one kind have.</summary>
/// <param name="Kind">Their kind; null of those on which the classifier has not spoken.</param>
/// <param name="Bytes">Memory, in bytes.</param>
/// <param name="ProcessCount">How many they are.</param>
public sealed record KindMemory(WorkloadKind? Kind, long Bytes, int ProcessCount);

/// <summary>Whether something fits.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PlacementFit>))]
public enum PlacementFit
{
    /// <summary>It is there already.</summary>
    [JsonStringEnumMemberName("resident")] Resident,

    /// <summary>At once.</summary>
    [JsonStringEnumMemberName("now")] Now,

    /// <summary>When the models that are in memory have left.</summary>
    [JsonStringEnumMemberName("after-unloading")] AfterUnloading,

    /// <summary>When those have left who have it now, and are not ours to move.</summary>
    [JsonStringEnumMemberName("later")] Later,

    /// <summary>The GPU is too small.</summary>
    [JsonStringEnumMemberName("never")] Never,

    /// <summary>The driver does not say enough.</summary>
    [JsonStringEnumMemberName("unknown")] Unknown,
}

/// <summary>Where the figure of a model's need comes from.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NeedSource>))]
public enum NeedSource
{
    /// <summary>The question.</summary>
    [JsonStringEnumMemberName("asked")] Asked,

    /// <summary>What the model took when it was last in memory.</summary>
    [JsonStringEnumMemberName("measured")] Measured,

    /// <summary>Its size on disk, and something for its context.</summary>
    [JsonStringEnumMemberName("estimated")] Estimated,
}

/// <summary>Answer of <see cref="Routes.Placement"/>.</summary>
public sealed record PlacementReport
{
    /// <summary>The host's id.</summary>
    public required string NodeId { get; init; }

    /// <summary>The model that was asked for; null when an amount was.</summary>
    public string? Model { get; init; }

    /// <summary>Memory it needs, in bytes.</summary>
    public required long NeededBytes { get; init; }

    /// <summary>Where that figure comes from.</summary>
    public required NeedSource NeededFrom { get; init; }

    /// <summary>The best that is to be had on this host.</summary>
    public required PlacementFit Fit { get; init; }

    /// <summary>The GPU that gives it; null when none does, or only several together.</summary>
    public string? GpuUuid { get; init; }

    /// <summary>The answer in words.</summary>
    public required string Reason { get; init; }

    /// <summary>Every GPU of the host, best first.</summary>
    public required IReadOnlyList<GpuPlacement> Gpus { get; init; }
}

/// <summary>Whether it fits on one GPU.</summary>
/// <param name="GpuUuid">The GPU.</param>
/// <param name="GpuIndex">Its position on the host.</param>
/// <param name="Fit">Whether.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record GpuPlacement(string GpuUuid, int GpuIndex, PlacementFit Fit, string Reason);
