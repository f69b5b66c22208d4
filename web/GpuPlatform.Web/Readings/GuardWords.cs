using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Readings;

/// <summary>To whom a GPU belongs, in words.</summary>
internal static class GuardWords
{
    public static string Of(GuardState state) => state.ToString().ToLowerInvariant();

    /// <summary>Why the GPUs of a host do not change hands by themselves, as far as that is known; null where they do.</summary>
    public static string? ByHand(NodeSnapshot node) => node.Host?.Collector.GuardEnabled switch
    {
        true => null,
        false => "It changes hands by hand only: the guard is off on this host (Guard:Enabled).",
        // An older collector does not say, and what has happened says enough
        null => node.Guard.Count > 0 ? null : "It changes hands by itself only where its collector's guard is on (Guard:Enabled).",
    };

    /// <summary>For the card: "yielded to witcher3.exe".</summary>
    public static string State(GuardChanged step) => step.To switch
    {
        GuardState.Draining => "draining: requests end",
        GuardState.Evicting => "evicting: models leave",
        GuardState.Yielded => step.Process is { } process ? $"yielded to {Name(process)}" : "yielded",
        GuardState.Warming => "warming: models come back",
        _ => "free for models",
    };

    /// <summary>What a hand-over was, as a heading.</summary>
    public static string Title(HandOver story) => story switch
    {
        { IsThrottleOnly: true } => "Spared: few or no generations for a while",
        { Takers.Count: > 0 } => $"To {Names([.. story.Takers.Select(Name).Distinct(StringComparer.Ordinal)])}",
        { HasBeginning: true } => Cause(story.First.Cause),
        _ => Sentence(story.First.Reason).TrimEnd('.'),
    };

    /// <summary>Why a GPU changes hands, as a heading.</summary>
    public static string Cause(GuardCause cause) => cause switch
    {
        GuardCause.Process => "To another program",
        GuardCause.Manual => "Given away by hand",
        GuardCause.GameMode => "To a game that GameMode reports",
        GuardCause.QuietHours => "Quiet hours",
        GuardCause.Fault => "Kept from models because of a fault",
        GuardCause.Done => "A step was done",
        GuardCause.Timeout => "A step took too long",
        GuardCause.Start => "Taken up again when the collector began",
        GuardCause.Heat => "Spared because of heat or a fan",
        _ => "For a reason that is unknown here",
    };

    /// <summary>The state to which a step leads; of one that changed the throttle alone, how much is let through.</summary>
    public static string Step(GuardChanged step) => !IsOfThrottle(step) ? Of(step.To) : step.Throttle switch
    {
        ThrottleLevel.Limited => "few at a time",
        ThrottleLevel.Held => "none begins",
        _ => "spared no more",
    };

    /// <summary>Style class of a step.</summary>
    public static string Class(GuardChanged step) => IsOfThrottle(step) && step.Throttle is not ThrottleLevel.None ? "spared" : Of(step.To);

    /// <summary>"for 5 min": how long it has been as the step says. One that changed the throttle alone does not tell since when the state is what it is.</summary>
    public static string For(GuardChanged step, DateTimeOffset now)
    {
        var age = Age.Of(step.ChangedAt, now) is var text && text == "just now" ? text : $"for {text}";
        return IsOfThrottle(step) && step.Throttle is ThrottleLevel.None ? $"spared no more {age}" : age;
    }

    /// <summary>True when the throttle alone changed. A state that goes on with any other cause has passed to somebody else.</summary>
    public static bool IsOfThrottle(GuardChanged step) => step.From == step.To && step.Cause is GuardCause.Heat;

    public static string Name(GuardProcess process) => process.Name is { Length: > 0 } name ? name : $"process {process.Pid}";

    /// <summary>Null while it is not spared.</summary>
    public static string? Throttle(ThrottleLevel level) => level switch
    {
        ThrottleLevel.Limited => "spared: few generations at a time",
        ThrottleLevel.Held => "spared: no new generation",
        _ => null,
    };

    /// <summary>Null where nobody waits and nothing was cancelled.</summary>
    public static string? Requests(GuardChanged step)
    {
        var parts = new[] { (step.HeldCount, "held"), (step.CancelledCount, "cancelled") }.Where(part => part.Item1 > 0)
            .Select(part => $"{part.Item1} {part.Item2}").ToList();
        return parts.Count == 0 ? null : string.Join(", ", parts);
    }

    /// <summary>Why, as a sentence. The name of the process with which it may begin stays as it is.</summary>
    public static string Why(GuardChanged step) => step.Process?.Name is { Length: > 0 } name && step.Reason.StartsWith(name, StringComparison.Ordinal)
        ? step.Reason.TrimEnd('.', ' ') + "."
        : Sentence(step.Reason);

    private static string Names(IReadOnlyList<string> names) => names switch
    {
        [var first] => first,
        [var first, var second] => $"{first}, then {second}",
        [var first, .., var last] => $"{first}, then {names.Count - 2} more and {last}",
        _ => "",
    };

    /// <summary>Reasons begin and end as they like. A name such as witcher3.exe stays as it is.</summary>
    public static string Sentence(string reason)
    {
        var text = reason.TrimEnd('.', ' ');
        if (text.Length == 0) return "";
        return text.TakeWhile(letter => letter != ' ').All(char.IsLetter) ? char.ToUpperInvariant(text[0]) + text[1..] + "." : text + ".";
    }
}
