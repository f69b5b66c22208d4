namespace GpuPlatform.Contracts;

/// <summary>What every answer of the collector says of its age. Names are in snake_case on the wire, as everywhere on the collector's API.</summary>
public abstract record GpuAnswer
{
    /// <summary>UTC instant of the sample this answer was made from; null before the first.</summary>
    public DateTimeOffset? SampledAt { get; init; }

    /// <summary>Time since then, in seconds.</summary>
    public double? AgeSeconds { get; init; }

    /// <summary>Why there is no reading of the present, in words; null when there is.</summary>
    public string? UnavailableReason { get; init; }

    /// <summary>Why the answer is not fresh although <c>?fresh=true</c> asked for it, in words; null else.</summary>
    public string? FreshProblem { get; init; }
}
