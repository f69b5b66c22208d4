using GpuPlatform.Contracts;

namespace GpuPlatform.Classifier.Rules;

/// <summary>One line of the rule table.</summary>
/// <param name="Name">Group and name, for instance <c>gaming/steam-cgroup</c>.</param>
/// <param name="Kind">The kind it gives.</param>
/// <param name="Confidence">How often it is right, 0–1.</param>
/// <param name="Says">What it concludes, in words; the evidence follows after a colon.</param>
/// <param name="When">The evidence it needs.</param>
internal sealed record Rule(string Name, WorkloadKind Kind, double Confidence, string Says, Matcher When)
{
    public Verdict? Try(ProcessEvidence process) =>
        When(process) is { } evidence
            ? new Verdict(Kind, Confidence, Name, evidence.Length == 0 ? Says : $"{Says}: {evidence}")
            : null;
}
