using System.Text.Json.Serialization;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Guard;

/// <summary>Somebody or something that wants a GPU to be without models.</summary>
/// <param name="Cause">Why, in a word.</param>
/// <param name="Reason">Why, in words.</param>
internal sealed record GuardDemand(GuardCause Cause, string Reason)
{
    /// <summary>The process; null when it is none.</summary>
    public GuardProcess? Process { get; init; }

    /// <summary>Instant from which it counts: a process that comes and goes within a moment never does.</summary>
    public TimeSpan RipeAt { get; init; }

    /// <summary>See <see cref="Taker.IsGame"/>.</summary>
    public bool IsGame { get; init; }

    /// <summary>See <see cref="Taker.TraceParent"/>.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Whether it comes back after a moment now and then, as programs do and people do not: its end is waited for a while.</summary>
    public bool MayComeBack => Cause is not (GuardCause.Manual or GuardCause.QuietHours);

    /// <summary>Whether it is the same one, though it may use more or less by now.</summary>
    public bool IsTheSameAs(GuardDemand? other) => other is not null && Cause == other.Cause
        && (Process?.Pid, Process?.StartedAt, Process?.Kind) == (other.Process?.Pid, other.Process?.StartedAt, other.Process?.Kind) && (Process is not null || Reason == other.Reason);

    /// <summary>Whether it is news that this one has the GPU where that one had it. A fault that is told in other words, since its errors became more, is none.</summary>
    public bool IsNewsAfter(GuardDemand? other) => !IsTheSameAs(other) && !(Cause == GuardCause.Fault && other?.Cause == GuardCause.Fault);
}

/// <summary>What a person has said of a GPU.</summary>
/// <param name="Yields">True: it is to be without models; false: the models are to have it, whoever else is there.</param>
/// <param name="Until">UTC instant at which that ends by itself; null: a yield lasts, the other ends when nobody wants the GPU any more.</param>
/// <param name="Reason">That person's words.</param>
internal sealed record ManualChoice(bool Yields, DateTimeOffset? Until, string? Reason)
{
    /// <summary>W3C id of the span in which it was said; null without one.</summary>
    [JsonIgnore]
    public string? TraceParent { get; init; }

    public static ManualChoice Of(GuardRequest asked, bool yields, DateTimeOffset now, string? traceParent) =>
        new(yields, asked.Minutes is { } minutes ? now.AddMinutes(minutes) : null, asked.Reason) { TraceParent = traceParent };
}
