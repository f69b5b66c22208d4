using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Guard;

/// <summary>A process on a GPU as the guard looks at it. Instants are those of <see cref="GpuPlatform.Collector.Ollama.Models.MonotonicTime"/>.</summary>
/// <param name="Facts">What is known of it.</param>
/// <param name="Usage">What it used when the list was last read; null while it was not on it.</param>
/// <param name="FirstSeen">When it was first seen on this GPU.</param>
internal sealed record ForeignProcess(GpuProcessObserved Facts, GpuProcessUsage? Usage, TimeSpan FirstSeen)
{
    /// <summary>Since when it draws a lot without a break; null while it does not.</summary>
    public TimeSpan? HeavySince { get; init; }

    /// <summary>When it was last seen to do so.</summary>
    public TimeSpan HeavySeen { get; init; }

    /// <summary>What the classifier said; null while it said nothing.</summary>
    public ReceivedVerdict? Verdict { get; init; }

    public long? MemoryBytes => Usage?.MemoryUsedBytes ?? Facts.MemoryUsedBytes;

    public double? SmPercent => Usage is null ? Facts.SmPercent : Usage.SmPercent;

    /// <summary>Its name for people.</summary>
    public string Name => Facts.Game?.Name ?? Facts.Name ?? $"process {Facts.Pid}";

    public GuardProcess ToProcess() => new()
    {
        Pid = Facts.Pid, StartedAt = Facts.StartedAt, Name = Facts.Name, Kind = Verdict?.Verdict.Kind, MemoryUsedBytes = MemoryBytes,
    };
}

/// <summary>A process that takes a GPU, and why.</summary>
/// <param name="Process">Which one.</param>
/// <param name="Reason">Why it counts, in words.</param>
/// <param name="Since">When it was first seen.</param>
internal sealed record Taker(GuardProcess Process, string Reason, TimeSpan Since)
{
    /// <summary>True when a person plays, as far as can be told: dear driver calls would show as stutter.</summary>
    public bool IsGame { get; init; }

    /// <summary>Trace of the verdict; null without.</summary>
    public string? TraceParent { get; init; }
}

/// <summary>What a process is to the guard now.</summary>
/// <param name="Taker">Set when it takes the GPU.</param>
/// <param name="AskAgainAt">When it may be another answer though nothing else changes; null: never.</param>
internal readonly record struct Judgement(Taker? Taker, TimeSpan? AskAgainAt);
