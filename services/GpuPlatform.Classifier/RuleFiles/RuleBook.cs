using GpuPlatform.Classifier.Rules;

namespace GpuPlatform.Classifier.RuleFiles;

/// <summary>Rules, and where they come from.</summary>
/// <param name="Rules">In the order they are asked.</param>
/// <param name="Origins">Name of the user's file by name of the rule; a rule that is not in here is built in.</param>
/// <param name="Problems">What is wrong with the user's files, in words; the last good rules of these stay in force.</param>
internal sealed record RuleBook(RuleSet Rules, IReadOnlyDictionary<string, string> Origins, IReadOnlyList<string> Problems)
{
    public static RuleBook Of(RuleSet rules) => new(rules, new Dictionary<string, string>(), []);
}
