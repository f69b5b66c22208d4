using GpuPlatform.Classifier.Rules.Conditions;
using GpuPlatform.Contracts;

namespace GpuPlatform.Classifier.Rules;

/// <summary>One rule of a file.</summary>
/// <param name="Name">Group and name, for instance <c>gaming/steam-cgroup</c>.</param>
/// <param name="Kind">The kind it gives.</param>
/// <param name="Confidence">How often it is right, 0–1.</param>
/// <param name="Says">What it concludes, in words; the evidence follows after a colon.</param>
/// <param name="When">The evidence it needs.</param>
internal sealed record Rule(string Name, WorkloadKind Kind, double Confidence, string Says, Condition When)
{
    // History keeps 1,024 characters of a reason
    private const int LongestReason = 1000;

    public FiredRule Fire(ProcessEvidence process)
    {
        var evidence = When.Words(process);
        var reason = evidence.Length == 0 ? Says : $"{Says}: {evidence}";
        return new FiredRule { Name = Name, Kind = Kind, Confidence = Confidence, Reason = reason.Length <= LongestReason ? reason : $"{reason[..LongestReason]}…" };
    }
}
