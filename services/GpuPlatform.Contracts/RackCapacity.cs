namespace GpuPlatform.Contracts;

/// <summary>Answer of History at <see cref="Routes.Capacity"/>: the room on every host.</summary>
public sealed record RackCapacity
{
    /// <summary>Every known host, ordered by id.</summary>
    public required IReadOnlyList<NodeCapacity> Nodes { get; init; }
}

/// <summary>The room on one host.</summary>
public sealed record NodeCapacity
{
    /// <summary>The host's id.</summary>
    public required string NodeId { get; init; }

    /// <summary>Its own answer, as its collector gives it; null when it did not answer.</summary>
    public CapacityReport? Capacity { get; init; }

    /// <summary>How old its readings were when it answered, in seconds by its own clock; null when there are none.</summary>
    public double? AgeSeconds { get; init; }

    /// <summary>UTC instant at which something last came from it.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>Why nothing is known of it now, in words; null when it answered.</summary>
    public string? Problem { get; init; }
}

/// <summary>Answer of History at <see cref="Routes.Placement"/>: which host has room.</summary>
public sealed record RackPlacement
{
    /// <summary>The model that was asked for; null when an amount was.</summary>
    public string? Model { get; init; }

    /// <summary>The best that is to be had on any host.</summary>
    public required PlacementFit Fit { get; init; }

    /// <summary>The host that gives it; null when none does.</summary>
    public string? NodeId { get; init; }

    /// <summary>The GPU there; null when none does, or only several together.</summary>
    public string? GpuUuid { get; init; }

    /// <summary>The answer in words.</summary>
    public required string Reason { get; init; }

    /// <summary>What every host that answered says, best first. A host that does not have the model says what it would be if it had.</summary>
    public required IReadOnlyList<PlacementReport> Nodes { get; init; }

    /// <summary>Hosts of which nothing is known now.</summary>
    public required IReadOnlyList<NodeCapacity> Silent { get; init; }
}
