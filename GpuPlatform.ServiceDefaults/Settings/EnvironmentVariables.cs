namespace GpuPlatform.ServiceDefaults.Settings;

/// <summary>Settings from the environment: the framework's prefixes, then plain variables, then the product's own prefix.</summary>
internal static class EnvironmentVariables
{
    public const string Prefix = "GPUPLATFORM_";

    private const string Separator = "__";
    private static readonly string[] FrameworkPrefixes = ["ASPNETCORE_", "DOTNET_"];

    public static IEnumerable<SettingsLayer> Read(SettingsCatalog catalog, IReadOnlyDictionary<string, string> environment)
    {
        var variables = environment.OrderBy(variable => variable.Key, StringComparer.Ordinal).ToList();
        foreach (var prefix in FrameworkPrefixes)
            yield return new([.. WithPrefix(variables, prefix).Where(entry => FrameworkKeys.Contains(entry.Key))], IsOurs: false);
        yield return new([.. variables.Select(variable => EntryOf(variable, 0)).Where(entry => IsPlain(entry, catalog))], IsOurs: false);
        yield return new([.. WithOwnPrefix(environment).Where(entry => !catalog.Variables.Contains(entry.Origin))], IsOurs: true);
    }

    /// <summary>The variables that carry the product's prefix, without it.</summary>
    public static IEnumerable<SettingEntry> WithOwnPrefix(IReadOnlyDictionary<string, string> environment) =>
        WithPrefix([.. environment.OrderBy(variable => variable.Key, StringComparer.Ordinal)], Prefix);

    /// <summary>The key as the writer of an entry would have to write it.</summary>
    public static string SpellingLike(SettingEntry entry, string key) => entry.Origin.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
        ? Prefix + key.Replace(":", Separator, StringComparison.Ordinal)
        : key;

    // Variables called NODE or PROFILE are somebody else's, as are most others
    private static bool IsPlain(SettingEntry entry, SettingsCatalog catalog) =>
        !entry.Origin.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && !catalog.IsSection(entry.Key)
        && (catalog.Find(entry.Key) is { NeedsPrefix: false } || FrameworkKeys.Contains(entry.Key) || catalog.Owns(entry.Key));

    private static IEnumerable<SettingEntry> WithPrefix(List<KeyValuePair<string, string>> variables, string prefix) =>
        variables.Where(variable => variable.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).Select(variable => EntryOf(variable, prefix.Length));

    private static SettingEntry EntryOf(KeyValuePair<string, string> variable, int prefixLength) =>
        new(variable.Key[prefixLength..].Replace(Separator, ":", StringComparison.Ordinal), variable.Value, variable.Key);
}
