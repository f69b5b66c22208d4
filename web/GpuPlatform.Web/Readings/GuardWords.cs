using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Readings;

/// <summary>To whom a GPU belongs, in words.</summary>
internal static class GuardWords
{
    public static string Of(GuardState state) => state.ToString().ToLowerInvariant();

    /// <summary>For the card: "yielded to witcher3.exe".</summary>
    public static string State(GuardChanged step) => step.To switch
    {
        GuardState.Draining => "draining: requests end",
        GuardState.Evicting => "evicting: models leave",
        GuardState.Yielded => step.Process is { } process ? $"yielded to {Name(process)}" : "yielded",
        GuardState.Warming => "warming: models come back",
        _ => "serving models",
    };

    public static string Name(GuardProcess process) => process.Name is { Length: > 0 } name ? name : $"process {process.Pid}";

    /// <summary>Null while it is not spared.</summary>
    public static string? Throttle(ThrottleLevel level) => level switch
    {
        ThrottleLevel.Limited => "hot: few generations at a time",
        ThrottleLevel.Held => "hot: no new generation",
        _ => null,
    };

    /// <summary>Null where nobody waits and nothing was cancelled.</summary>
    public static string? Requests(GuardChanged step)
    {
        var parts = new[] { (step.HeldCount, "held"), (step.CancelledCount, "cancelled") }.Where(part => part.Item1 > 0)
            .Select(part => $"{part.Item1} {part.Item2}").ToList();
        return parts.Count == 0 ? null : string.Join(", ", parts);
    }

    /// <summary>Reasons begin and end as they like. A name such as witcher3.exe stays as it is.</summary>
    public static string Sentence(string reason)
    {
        var text = reason.TrimEnd('.', ' ');
        if (text.Length == 0) return "";
        return text.TakeWhile(letter => letter != ' ').All(char.IsLetter) ? char.ToUpperInvariant(text[0]) + text[1..] + "." : text + ".";
    }
}
