using GpuPlatform.Classifier.Rules;
using GpuPlatform.Contracts;

namespace GpuPlatform.Classifier.Verdicts;

/// <summary>Whose a rule is.</summary>
internal enum RuleOwner
{
    /// <summary>It comes with the product.</summary>
    Product,

    /// <summary>Somebody has written it here.</summary>
    User,

    /// <summary>There is no such rule, or not any more.</summary>
    Nobody,
}

/// <summary>
/// When a process is taken for something else than before: when the new verdict is surely the better one, or has held. Evidence comes and goes (a file
/// that cannot be read for a moment, an encoder that idles), and whoever acts on the kind must not flap with it.
/// </summary>
internal static class VerdictChange
{
    /// <summary>So sure a rule names the program itself: when it speaks, another program has taken the place of the first.</summary>
    internal const double Certain = 0.9;

    /// <summary>So much surer it knows more than what was known before.</summary>
    internal const double SurelyMore = 0.15;

    internal const int HeldObservations = 3;
    internal static readonly TimeSpan HeldFor = TimeSpan.FromSeconds(60);

    /// <summary>The verdict on an observation that is not older than what is known.</summary>
    public static ProcessClassified Next(ProcessClassified? known, GpuProcessObserved observed, Verdict fresh, Func<string, RuleOwner> ownerOf)
    {
        var verdict = Plain(observed, fresh);
        if (known is null)
            return verdict;
        if (fresh.Kind == known.Kind)
            return verdict with { PreviousKind = known.PreviousKind, ChangedAt = known.ChangedAt };
        var candidate = Candidate(known, verdict);
        return IsSure(known, fresh, ownerOf) || candidate.ObservationCount >= HeldObservations || observed.ObservedAt - candidate.Since >= HeldFor
            ? verdict with { PreviousKind = known.Kind, ChangedAt = observed.ObservedAt }
            : known with { ObservedAt = observed.ObservedAt, Candidate = candidate };
    }

    // What somebody has decided holds at once, and no longer than it stands
    private static bool IsSure(ProcessClassified known, Verdict fresh, Func<string, RuleOwner> ownerOf) =>
        fresh.Confidence >= Certain || fresh.Confidence >= known.Confidence + SurelyMore
        || ownerOf(fresh.Rule) == RuleOwner.User || ownerOf(known.Rule) != RuleOwner.Product;

    // A process on two GPUs is seen twice at one instant, and a message may come twice: neither holds for longer by that
    private static KindCandidate Candidate(ProcessClassified known, ProcessClassified verdict) => known.Candidate is { } candidate && candidate.Kind == verdict.Kind
        ? candidate with { Rule = verdict.Rule, ObservationCount = candidate.ObservationCount + (verdict.ObservedAt > known.ObservedAt ? 1 : 0) }
        : new KindCandidate { Kind = verdict.Kind, Rule = verdict.Rule, Since = verdict.ObservedAt, ObservationCount = 1 };

    private static ProcessClassified Plain(GpuProcessObserved observed, Verdict fresh) => new()
    {
        NodeId = observed.NodeId,
        Pid = observed.Pid,
        StartedAt = observed.StartedAt,
        Kind = fresh.Kind,
        Confidence = fresh.Confidence,
        Rule = fresh.Rule,
        Reason = fresh.Reason,
        ObservedAt = observed.ObservedAt,
    };
}
