namespace GpuPlatform.Contracts;

/// <summary>Answer of <see cref="Routes.GuardEvents"/>: <c>?start_date=&amp;end_date=&amp;node=&amp;gpu=&amp;hand_over=</c>.</summary>
public sealed record GuardEventPage
{
    /// <summary>UTC start of the range, included.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>UTC end of the range, not included.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>Steps of handing GPUs over, newest first; those of one story have the same <see cref="GuardChanged.HandOverId"/>.</summary>
    public required IReadOnlyList<GuardChanged> Events { get; init; }

    /// <summary>Give it as <c>cursor</c> to get what follows; null when nothing does.</summary>
    public string? NextCursor { get; init; }
}
