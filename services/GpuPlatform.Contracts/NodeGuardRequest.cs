namespace GpuPlatform.Contracts;

/// <summary>What is posted to History at <see cref="Routes.GuardYield"/> and <see cref="Routes.GuardResume"/>; answered with the <see cref="GuardReport"/> of that host.</summary>
public sealed record NodeGuardRequest
{
    /// <summary>The host, by its id.</summary>
    public string? Node { get; init; }

    /// <summary>The GPU, by its UUID; null: all of the host.</summary>
    public string? Gpu { get; init; }

    /// <summary>After how many minutes it ends by itself: above 0, at most <see cref="GuardRequest.MostMinutes"/>; null, it does not.</summary>
    public double? Minutes { get; init; }

    /// <summary>Why, for those who read it later; at most <see cref="GuardRequest.LongestReason"/> characters.</summary>
    public string? Reason { get; init; }
}
