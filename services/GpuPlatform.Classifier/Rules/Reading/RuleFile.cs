using GpuPlatform.Contracts;

namespace GpuPlatform.Classifier.Rules.Reading;

/// <summary>What a rule file says.</summary>
/// <param name="Name">The file's name, for messages.</param>
/// <param name="Rules">Its rules, in order; those with problems are not among them.</param>
/// <param name="Examples">Its labelled examples.</param>
/// <param name="Problems">What is not accepted in it.</param>
internal sealed record RuleFile(string Name, IReadOnlyList<Rule> Rules, IReadOnlyList<RuleExample> Examples, IReadOnlyList<Problem> Problems)
{
    /// <summary>What the rules make of the examples otherwise than it stands there.</summary>
    public IReadOnlyList<Problem> FailedExamples(RuleSet rules) => [.. Examples.Select(example => example.Problem(rules)).OfType<Problem>()];
}

/// <summary>A process that a rule file describes beside a rule, and what must come out.</summary>
/// <param name="Line">Line of the file.</param>
/// <param name="Rule">The rule beside which it stands.</param>
/// <param name="Process">The process.</param>
/// <param name="Kind">The kind it must get; null when only the rule must not decide.</param>
/// <param name="IsCounter">Whether the rule must not decide.</param>
internal sealed record RuleExample(int Line, string Rule, ProcessEvidence Process, WorkloadKind? Kind, bool IsCounter)
{
    public Problem? Problem(RuleSet rules)
    {
        var verdict = rules.Classify(Process);
        var says = IsCounter && verdict.Rule == Rule ? $"this rule decides ({verdict.Reason}), and must not"
            : Kind is { } kind && verdict.Kind != kind
                ? $"expected is {Vocabulary.WordOf(kind)}; {verdict.Rule} says {Vocabulary.WordOf(verdict.Kind)} ({verdict.Reason})"
            : null;
        return says is null ? null : new Problem(Line, IsCounter ? "not" : "examples", says) { Rule = Rule };
    }
}
