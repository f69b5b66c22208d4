using GpuPlatform.Classifier.Rules.Tables;

namespace GpuPlatform.Classifier.Rules;

/// <summary>
/// The rules that come with the product, in the order they are asked. What names itself surely comes first; helpers and tools come before
/// games because Steam starts them from the same folders and control groups; what only the surroundings tell comes last.
/// </summary>
internal static class BuiltInRules
{
    public static RuleSet Create() => new(
    [
        .. MiningRules.Table,
        .. HelperRules.Table,
        .. DesktopRules.Table,
        .. ModelRules.Table,
        .. StudioRules.Table,
        .. BrowserRules.Table,
        .. GameRules.Table,
        .. ComputeRules.Table,
    ]);
}
