namespace GpuPlatform.ServiceDefaults.Settings;

/// <summary>What is in force after all layers were read, once, at the start: each value with where it comes from, and every problem.</summary>
public sealed class EffectiveSettings
{
    private const string DefaultEnvironment = "Production";

    private readonly Dictionary<string, SettingEntry> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _problems = [];

    private EffectiveSettings(SettingsCatalog catalog, SettingsPlaces places)
    {
        (Catalog, ProgramFolder) = (catalog, places.ProgramFolder);
        var commandLine = CommandLine.Parse(places.Arguments, _problems);
        Command = commandLine.Command;
        SettingsLayer[] afterFiles = [.. EnvironmentVariables.Read(catalog, places.Environment), commandLine.Layer];
        EnvironmentName = EnvironmentNameIn(afterFiles);
        Files = places.Files(EnvironmentName, _problems);

        SettingsLayer[] written = [.. Files.Select(file => JsonFile.Read(file, _problems)), .. afterFiles];
        var accepted = written.Select(layer => SettingsCheck.Accept(layer, catalog, _problems)).ToList();
        foreach (var layer in accepted) Apply(layer);
        if (ProfileLayer() is not { } profile) return;
        _values.Clear();
        foreach (var layer in accepted.Prepend(profile)) Apply(layer);
    }

    public SettingsCommand Command { get; }

    /// <summary>As in <c>appsettings.Development.json</c>.</summary>
    public string EnvironmentName { get; }

    public string ProgramFolder { get; }

    /// <summary>Files that were read, earliest first.</summary>
    public IReadOnlyList<string> Files { get; }

    public IReadOnlyList<string> Problems => _problems;

    /// <summary>The values that were set and can be used, by key.</summary>
    public IReadOnlyDictionary<string, SettingEntry> Values => _values;

    internal SettingsCatalog Catalog { get; }

    public static EffectiveSettings Read(SettingsCatalog catalog, SettingsPlaces places) => new(catalog, places);

    /// <summary>The sentence with where the values it speaks of were set.</summary>
    public string WithOrigins(string problem)
    {
        var origins = Catalog.All.SelectMany(EntriesOf).Where(entry => Mentions(problem, entry.Key))
            .Select(entry => entry.Origin).Distinct(StringComparer.Ordinal).ToList();
        return origins.Count == 0 ? problem : $"{problem} ({string.Join(", ", origins)})";
    }

    /// <summary>The values that were set of a key, of a pattern by name.</summary>
    internal IEnumerable<SettingEntry> EntriesOf(Setting setting) =>
        setting.IsPattern ? _values.Values.Where(entry => Catalog.Find(entry.Key) == setting).OrderBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase)
        : _values.TryGetValue(setting.Key, out var entry) ? [entry] : [];

    private static bool Mentions(string text, string key)
    {
        var at = text.IndexOf(key, StringComparison.OrdinalIgnoreCase);
        return at >= 0 && (at + key.Length == text.Length || !(char.IsAsciiLetterOrDigit(text[at + key.Length]) || text[at + key.Length] == ':'));
    }

    private static string EnvironmentNameIn(IEnumerable<SettingsLayer> layers) =>
        layers.SelectMany(layer => layer.Entries)
            .Where(entry => entry.Key.Equals("environment", StringComparison.OrdinalIgnoreCase) && entry.Value is { Length: > 0 })
            // A plain variable of this name is somebody else's
            .LastOrDefault(entry => entry.Origin != entry.Key)?.Value ?? DefaultEnvironment;

    private void Apply(SettingsLayer layer)
    {
        foreach (var entry in layer.Entries)
        {
            if (entry.Value is not null)
                _values[entry.Key] = entry;
            else
                foreach (var key in _values.Keys.Where(key => SettingsCatalog.IsAtOrBelow(key, entry.Key)).ToList()) _values.Remove(key);
        }
    }

    private SettingsLayer? ProfileLayer()
    {
        var chosen = _values.GetValueOrDefault(SettingsCatalog.ProfileKey)?.Value;
        return Catalog.Profiles.FirstOrDefault(profile => chosen is null || profile.Name == chosen) is { Values.Count: > 0 } profile
            ? new SettingsLayer([.. profile.Values.Select(pair => new SettingEntry(pair.Key, pair.Value, $"profile {profile.Name}"))], IsOurs: true)
            : null;
    }
}
