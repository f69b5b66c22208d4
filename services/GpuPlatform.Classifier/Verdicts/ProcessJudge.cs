using GpuPlatform.Classifier.Rules;
using GpuPlatform.Contracts;

namespace GpuPlatform.Classifier.Verdicts;

/// <summary>Says what a process is, by the rules in force and by what was said of it before.</summary>
internal sealed class ProcessJudge(RuleSet rules, VerdictHistory history, TimeProvider clock)
{
    private readonly HashSet<string> _names = [.. rules.Rules.Select(rule => rule.Name)];

    /// <summary>Null when something newer was said of it already.</summary>
    public ProcessClassified? Judge(GpuProcessObserved observed) =>
        history.Judge(observed, rules.Classify(ProcessEvidence.From(observed)), Owner, clock.GetUtcNow());

    private RuleOwner Owner(string rule) => _names.Contains(rule) ? RuleOwner.Product : RuleOwner.Nobody;
}
