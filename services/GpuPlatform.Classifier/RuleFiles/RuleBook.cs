using GpuPlatform.Classifier.Rules;
using GpuPlatform.Classifier.Verdicts;

namespace GpuPlatform.Classifier.RuleFiles;

/// <summary>Rules, and where they come from.</summary>
/// <param name="Rules">In the order they are asked.</param>
/// <param name="Origins">Name of the user's file by name of the rule; a rule that is not in here is built in.</param>
/// <param name="Problems">What is wrong with the user's files, in words; the last good rules of these stay in force.</param>
internal sealed record RuleBook(RuleSet Rules, IReadOnlyDictionary<string, string> Origins, IReadOnlyList<string> Problems)
{
    private readonly HashSet<string> _names = [.. Rules.Rules.Select(rule => rule.Name)];

    /// <summary>Whose the rule of that name is.</summary>
    public RuleOwner OwnerOf(string rule) => Origins.ContainsKey(rule) ? RuleOwner.User : _names.Contains(rule) ? RuleOwner.Product : RuleOwner.Nobody;

    public static RuleBook Of(RuleSet rules) => new(rules, new Dictionary<string, string>(), []);
}
