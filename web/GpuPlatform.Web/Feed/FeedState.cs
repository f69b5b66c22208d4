using System.Collections.ObjectModel;
using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Feed;

public enum FeedConnection
{
    /// <summary>The first attempt since the start has not ended yet.</summary>
    Connecting,

    /// <summary>Events arrive.</summary>
    Live,

    /// <summary>The feed was lost a moment ago.</summary>
    Reconnecting,

    /// <summary>An attempt to open the feed failed.</summary>
    Unreachable,
}

/// <summary>What the dashboard knows at one instant. Immutable: a circuit may hold it for as long as it likes.</summary>
public sealed record FeedState
{
    public FeedConnection Connection { get; init; }

    /// <summary>Why there is no connection, in words; null while there is one.</summary>
    public string? Problem { get; init; }

    /// <summary>When the feed was last known to be good; null when it never was.</summary>
    public DateTimeOffset? LastLiveAt { get; init; }

    /// <summary>Ordered by id.</summary>
    public IReadOnlyList<NodeSnapshot> Nodes { get; init; } = [];

    /// <summary>Events that could not be read since the start.</summary>
    public long MalformedEvents { get; init; }

    /// <summary>Energy each GPU used in the last 24 hours; those that do not count it are missing.</summary>
    public IReadOnlyDictionary<(string NodeId, string Uuid), double> EnergyJoules { get; init; } = ReadOnlyDictionary<(string, string), double>.Empty;

    /// <summary>Changes whenever older points of a line were filled in, so that charts must be drawn anew.</summary>
    public long LinesGeneration { get; init; }
}
