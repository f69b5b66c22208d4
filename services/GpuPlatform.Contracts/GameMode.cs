namespace GpuPlatform.Contracts;

/// <summary>Answer of <see cref="Routes.GameMode"/>. Names are in snake_case on the wire, as everywhere on the collector's API.</summary>
public sealed record GameMode
{
    /// <summary>True while the collector keeps away from the dearer driver calls.</summary>
    public required bool On { get; init; }

    /// <summary>UTC instant at which it ends by itself; null when it does not, or is off.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>What is posted to <see cref="Routes.GameMode"/>.</summary>
public sealed record GameModeRequest
{
    /// <summary>On or off. Required.</summary>
    public bool? On { get; init; }

    /// <summary>After how many minutes it ends by itself: above 0, at most 1440; null, it does not.</summary>
    public double? Minutes { get; init; }
}
