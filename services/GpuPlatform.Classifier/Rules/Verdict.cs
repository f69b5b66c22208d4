using GpuPlatform.Contracts;

namespace GpuPlatform.Classifier.Rules;

/// <summary>What the rules say of a process.</summary>
/// <param name="Kind">The kind of work.</param>
/// <param name="Confidence">How sure the rule is, 0–1.</param>
/// <param name="Rule">Name of the rule that decided.</param>
/// <param name="Reason">What it saw, quoting the evidence.</param>
internal sealed record Verdict(WorkloadKind Kind, double Confidence, string Rule, string Reason);
