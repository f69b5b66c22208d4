namespace GpuPlatform.ServiceDefaults.Settings;

/// <summary>The settings for a person at a terminal: what is in force and why, and what there is to set.</summary>
public static class SettingsReport
{
    private const int WidestValue = 48;

    /// <summary>Every key with its value, secrets hidden, and where that comes from.</summary>
    public static void WriteEffective(EffectiveSettings settings, TextWriter output)
    {
        output.WriteLine($"Environment {settings.EnvironmentName}. Files, later ones win:");
        foreach (var file in settings.Files.DefaultIfEmpty("none")) output.WriteLine($"  {file}");
        output.WriteLine();
        var rows = settings.Catalog.All.SelectMany(setting => RowsOf(setting, settings)).Concat(OtherRows(settings)).ToList();
        var keyWidth = rows.Max(row => row.Key.Length);
        var valueWidth = Math.Min(WidestValue, rows.Max(row => row.Value.Length));
        foreach (var (key, value, origin) in rows)
            output.WriteLine($"{key.PadRight(keyWidth)}  {value.PadRight(valueWidth)}  {origin}");
    }

    /// <summary>How to start the service, and every key with its default and meaning.</summary>
    public static void WriteHelp(SettingsCatalog catalog, TextWriter output)
    {
        output.WriteLine($"""
            {catalog.Program}: {catalog.Purpose}

            {catalog.Program} [--Key=value ...]      runs it
            {catalog.Program} {CommandLine.PrintOption} ...     shows every setting and where its value comes from
            {catalog.Program} {CommandLine.HelpOption}                 shows this
            """);
        foreach (var command in catalog.Commands) output.WriteLine(command);
        output.WriteLine($"""

            Settings come from, later wins: built-in defaults, the profile, appsettings.json beside the program,
            /etc/gpuplatform/*.json, ~/.config/gpuplatform/*.json, the environment ({EnvironmentVariables.Prefix}Section__Key wins over
            Section__Key), the command line. They are read once, at the start.

            """);
        foreach (var setting in catalog.All)
        {
            output.WriteLine($"{setting.Key} ({setting.DefaultMeaning ?? setting.Default ?? "unset"})");
            output.WriteLine($"    {setting.Meaning}");
        }
        foreach (var profile in catalog.Profiles.Where(profile => profile.Values.Count > 0))
            output.WriteLine($"\nProfile {profile.Name}: {string.Join(", ", profile.Values.Select(pair => $"{pair.Key}={pair.Value}"))}");
    }

    private static IEnumerable<(string Key, string Value, string Origin)> RowsOf(Setting setting, EffectiveSettings settings) =>
        settings.EntriesOf(setting).Select(entry => (setting.IsPattern ? entry.Key : setting.Key, Shown(setting, entry.Value!), entry.Origin))
            .DefaultIfEmpty((setting.Key, setting.DefaultMeaning is { } said ? $"({said})" : setting.Default ?? "(unset)", "default"));

    // Only of an address is a part no secret
    private static string Shown(Setting setting, string value) =>
        setting is { IsSecret: true, IsPattern: true } ? SettingText.Hidden : SettingText.Mask(setting.Key, value, setting.IsSecret);

    private static IEnumerable<(string Key, string Value, string Origin)> OtherRows(EffectiveSettings settings) =>
        settings.Values.Values.Where(entry => settings.Catalog.Find(entry.Key) is null).OrderBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase)
            // What is not ours may be a secret under any name of a connection
            .Select(entry => (entry.Key, SettingText.Mask(entry.Key, entry.Value!, SettingsCatalog.IsAtOrBelow(entry.Key, "ConnectionStrings")), entry.Origin));
}
