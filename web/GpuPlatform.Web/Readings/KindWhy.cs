using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Readings;

/// <summary>Why a process is taken for what it is taken for.</summary>
internal static class KindWhy
{
    public static string Question(WorkloadKind? kind) => kind is null ? "Why is it not classified?" : $"Why is this {KindLabel.Of(kind)}?";

    public static string Sentence(FiredRule rule) => GuardWords.Sentence(rule.Reason) is { Length: > 0 } reason ? reason : "It gives no reason.";
}
