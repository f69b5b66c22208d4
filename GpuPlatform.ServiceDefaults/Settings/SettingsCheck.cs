namespace GpuPlatform.ServiceDefaults.Settings;

/// <summary>Looks at everything that was written, also at what a later layer overrides: a mistake is said before it comes to count.</summary>
internal static class SettingsCheck
{
    /// <summary>The layer without the entries that cannot be used; what is wrong with those is added to the problems.</summary>
    public static SettingsLayer Accept(SettingsLayer layer, SettingsCatalog catalog, List<string> problems)
    {
        var accepted = new List<SettingEntry>();
        var seen = new Dictionary<string, SettingEntry>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in layer.Entries)
        {
            var problem = Repetition(entry, layer, catalog, seen) ?? Refusal(entry, layer, catalog);
            if (problem is null)
                accepted.Add(entry);
            else
                problems.Add($"{problem} ({entry.Origin})");
        }
        return layer with { Entries = accepted };
    }

    private static string? Repetition(SettingEntry entry, SettingsLayer layer, SettingsCatalog catalog, Dictionary<string, SettingEntry> seen)
    {
        if (seen.TryAdd(entry.Key, entry) || !(layer.IsOurs || catalog.Find(entry.Key) is not null)) return null;
        return $"{SettingText.OneLine(entry.Key)} is set twice, the first time by {seen[entry.Key].Origin}";
    }

    private static string? Refusal(SettingEntry entry, SettingsLayer layer, SettingsCatalog catalog)
    {
        if (catalog.Find(entry.Key) is { } setting) return entry.Value is null ? null : setting.Refusal(entry.Value);
        if (catalog.IsOpen(entry.Key) || !(layer.IsOurs || catalog.Owns(entry.Key))) return null;
        if (!catalog.IsSection(entry.Key)) return Unknown(entry, catalog);
        return entry.Value is null ? null : $"{entry.Key} is a section and takes no value; {Keys(entry.Key, catalog)}";
    }

    private static string Unknown(SettingEntry entry, SettingsCatalog catalog)
    {
        // What JSON writes in brackets comes as keys with numbers
        if (entry.Key.LastIndexOf(':') is > 0 and var last && entry.Key[(last + 1)..].All(char.IsAsciiDigit) && catalog.Find(entry.Key[..last]) is { } single)
            return $"{single.Key} is a list; accepted is one value, where it takes several one text with commas between them";
        var said = $"{(entry.Key.Length == 0 ? "''" : SettingText.OneLine(entry.Key))} is unknown";
        if (NearestKey.Find(entry.Key, catalog) is { } nearest) return $"{said}; did you mean {EnvironmentVariables.SpellingLike(entry, nearest)}?";
        for (var parent = entry.Key; parent.LastIndexOf(':') is > 0 and var colon;)
        {
            parent = parent[..colon];
            if (catalog.IsSection(parent)) return $"{said}; {Keys(parent, catalog)}";
        }
        return $"{said}; {CommandLine.HelpOption} lists every key";
    }

    private static string Keys(string section, SettingsCatalog catalog) => $"its keys are {string.Join(", ",
        catalog.All.Where(setting => SettingPattern.LiesBelow(setting.Key, section)).Select(setting => setting.Key))}";
}
