using System.Text.Json.Serialization;

namespace GpuPlatform.Contracts;

/// <summary>A model came into memory, left it, or is loaded again and again. Identity is (<see cref="NodeId"/>, <see cref="Server"/>, <see cref="Model"/>, <see cref="ChangedAt"/>, <see cref="Change"/>).</summary>
public sealed record ModelResidencyChanged
{
    /// <summary>The host's id.</summary>
    public required string NodeId { get; init; }

    /// <summary>UTC instant at which it was noticed, in whole milliseconds.</summary>
    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>Name of the model server in the configuration.</summary>
    public required string Server { get; init; }

    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>What happened.</summary>
    public required ResidencyChange Change { get; init; }

    /// <summary>Memory it takes in all, in bytes; of an unloaded one, what it took.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>The part of it that is GPU memory, in bytes.</summary>
    public long? VramBytes { get; init; }

    /// <summary>Longest context it was loaded for, in tokens.</summary>
    public int? ContextLength { get; init; }

    /// <summary>UTC instant at which it would be unloaded; null when it stays.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>How long loading took, in milliseconds; null when no request waited for it.</summary>
    public double? LoadMs { get; init; }

    /// <summary>How long it was in memory, in milliseconds; null unless it left and its coming was seen.</summary>
    public double? ResidentMs { get; init; }

    /// <summary>Why, as far as it is known, in words: other options, no room beside another model, its time was over.</summary>
    public string? Reason { get; init; }
}

/// <summary>What happened to a model in memory.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ResidencyChange>))]
public enum ResidencyChange
{
    /// <summary>Something that this release does not know.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,

    /// <summary>It came.</summary>
    [JsonStringEnumMemberName("loaded")]
    Loaded,

    /// <summary>It left.</summary>
    [JsonStringEnumMemberName("unloaded")]
    Unloaded,

    /// <summary>It is loaded again and again in a short time, and every load costs its users seconds.</summary>
    [JsonStringEnumMemberName("thrashing")]
    Thrashing,
}
