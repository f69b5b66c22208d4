using GpuPlatform.Contracts;

namespace GpuPlatform.Classifier.Rules;

/// <summary>What the rules say of a process.</summary>
/// <param name="Rules">Every rule that fired, the one that decided first; never empty.</param>
internal sealed record Verdict(IReadOnlyList<FiredRule> Rules)
{
    /// <summary>The kind of work.</summary>
    public WorkloadKind Kind => Rules[0].Kind;

    /// <summary>How sure the rule is that decided, 0–1.</summary>
    public double Confidence => Rules[0].Confidence;

    /// <summary>Name of the rule that decided.</summary>
    public string Rule => Rules[0].Name;

    /// <summary>What it saw, quoting the evidence.</summary>
    public string Reason => Rules[0].Reason;
}
