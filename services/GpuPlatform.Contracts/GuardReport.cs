namespace GpuPlatform.Contracts;

/// <summary>Answer of <see cref="Routes.Guard"/>: to whom each GPU of the host belongs.</summary>
public sealed record GuardReport
{
    /// <summary>The host's id.</summary>
    public required string NodeId { get; init; }

    /// <summary>False when the guard only watches (<c>Guard:Enabled</c>).</summary>
    public required bool Enabled { get; init; }

    /// <summary>One for each GPU, in the order of the host.</summary>
    public required IReadOnlyList<GuardGpu> Gpus { get; init; }

    /// <summary>Requests that wait for a GPU, over all servers.</summary>
    public required int HeldCount { get; init; }

    /// <summary>What keeps the guard from doing its work, in words; empty when nothing does.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}

/// <summary>One GPU as the guard sees it.</summary>
public sealed record GuardGpu
{
    /// <summary>The GPU.</summary>
    public required string GpuUuid { get; init; }

    /// <summary>Its position on the host.</summary>
    public required int GpuIndex { get; init; }

    /// <summary>State now.</summary>
    public required GuardState State { get; init; }

    /// <summary>UTC instant since which it is so.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The throttle now.</summary>
    public required ThrottleLevel Throttle { get; init; }

    /// <summary>Why it is so, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>Who takes it; null when nobody does.</summary>
    public GuardProcess? Process { get; init; }

    /// <summary>UTC instant at which what a person said (yield or resume) ends by itself; null when nobody did, or it does not.</summary>
    public DateTimeOffset? ManualUntil { get; init; }

    /// <summary>True while a person has it yielded.</summary>
    public bool Manual { get; init; }

    /// <summary>The hand-over under way; null while serving.</summary>
    public Guid? HandOverId { get; init; }
}

/// <summary>What is posted to a collector at <see cref="Routes.GuardYield"/> and <see cref="Routes.GuardResume"/>, where names are in snake_case.</summary>
public sealed record GuardRequest
{
    /// <summary>Longest time after which it ends by itself: a week.</summary>
    public const double MostMinutes = 7 * 24 * 60;

    /// <summary>Most characters of <see cref="Reason"/>.</summary>
    public const int LongestReason = 200;

    /// <summary>The GPU; null: all of the host.</summary>
    public string? GpuUuid { get; init; }

    /// <summary>After how many minutes it ends by itself: above 0, at most 10,080; null, it does not.</summary>
    public double? Minutes { get; init; }

    /// <summary>Why, for those who read it later; at most 200 characters.</summary>
    public string? Reason { get; init; }
}
