using GpuPlatform.Contracts;

namespace GpuPlatform.Classifier.Rules;

/// <summary>An ordered rule table: the first rule that matches decides. Pure and thread-safe.</summary>
internal sealed class RuleSet(IReadOnlyList<Rule> rules)
{
    private static readonly Verdict NoEvidence = new(
        WorkloadKind.General, 0, "general/no-evidence", "nothing that could be read of this process says what it does");

    public IReadOnlyList<Rule> Rules => rules;

    public Verdict Classify(ProcessEvidence process)
    {
        foreach (var rule in rules)
            if (rule.Try(process) is { } verdict)
                return verdict;
        return NoEvidence;
    }
}
