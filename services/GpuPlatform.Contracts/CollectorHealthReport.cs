namespace GpuPlatform.Contracts;

/// <summary>Answer of <see cref="Routes.Health"/> on the collector: what <c>/health</c> says, and what it is made of.</summary>
public sealed record CollectorHealthReport : GpuAnswer
{
    /// <summary><c>healthy</c>, <c>degraded</c> or <c>unhealthy</c>: the worst of the checks. The HTTP status is 503 when it is unhealthy.</summary>
    public required string Status { get; init; }

    /// <summary>The collector's version.</summary>
    public required string Version { get; init; }

    /// <summary>What is not as it should be, in words, one entry each; empty when all is well.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>The checks.</summary>
    public required IReadOnlyList<CollectorCheck> Checks { get; init; }

    /// <summary>Every source of readings on this host, working or not.</summary>
    public required IReadOnlyList<GpuSourceStatus> Sources { get; init; }

    /// <summary>True while a game runs and the collector keeps away from the dearer driver calls.</summary>
    public required bool GameMode { get; init; }

    /// <summary>Messages waiting to be taken by the broker.</summary>
    public required long MessagesQueued { get; init; }

    /// <summary>Messages given up since the collector started.</summary>
    public required long MessagesDropped { get; init; }
}

/// <summary>One check.</summary>
public sealed record CollectorCheck(string Name, string Status, string? Description);
