namespace GpuPlatform.ServiceDefaults.Settings;

/// <summary>Every key of a service. What is not in here is refused where it was meant for the product.</summary>
public sealed class SettingsCatalog
{
    public const string ProfileKey = "Profile";

    /// <summary>The name by which the service is started.</summary>
    public required string Program { get; init; }

    /// <summary>What the service does, in a few words.</summary>
    public required string Purpose { get; init; }

    /// <summary>What else it can be started for, a line each, for its help.</summary>
    public IReadOnlyList<string> Commands { get; init; } = [];

    /// <summary>Sections that are bound to options.</summary>
    public required IReadOnlyList<SettingsSection> Sections { get; init; }

    /// <summary>Keys that are read one by one.</summary>
    public IReadOnlyList<Setting> Others { get; init; } = [];

    /// <summary>Sets of defaults; the first is chosen unless another one is.</summary>
    public IReadOnlyList<SettingsProfile> Profiles { get; init; } = [];

    /// <summary>Sections and keys of other services that read the same files; they are passed over.</summary>
    public IReadOnlyList<string> Elsewhere { get; init; } = [];

    /// <summary>Variables with the product's prefix that are no keys.</summary>
    public IReadOnlyList<string> Variables { get; init; } = [];

    /// <summary>Every key, in the order in which a person reads them.</summary>
    public IReadOnlyList<Setting> All => field ??=
        [.. Profiles.Count > 0 ? [Choice()] : Array.Empty<Setting>(), .. Sections.SelectMany(section => section.Settings), .. Others];

    private Dictionary<string, Setting> ByKey => field ??= All.ToDictionary(setting => setting.Key, StringComparer.OrdinalIgnoreCase);

    /// <summary>What is known of a key; of one that has a chosen name in it, what its pattern says.</summary>
    internal Setting? Find(string key) => ByKey.GetValueOrDefault(key) ?? All.FirstOrDefault(setting => setting.IsPattern && SettingPattern.Matches(setting.Key, key));

    /// <summary>Whether the key belongs to the framework or to another service, which look after it themselves.</summary>
    internal bool IsOpen(string key) => FrameworkKeys.Contains(key) || Elsewhere.Any(open => IsAtOrBelow(key, open));

    internal bool IsSection(string key) => All.Any(setting => SettingPattern.LiesBelow(setting.Key, key));

    /// <summary>Whether the key lies in a section that is this service's alone.</summary>
    internal bool Owns(string key) => Sections.Any(section => IsAtOrBelow(key, section.Name));

    internal static bool IsAtOrBelow(string key, string parent) =>
        key.StartsWith(parent, StringComparison.OrdinalIgnoreCase) && (key.Length == parent.Length || key[parent.Length] == ':');

    private Setting Choice()
    {
        var names = string.Join(" or ", Profiles.Select(profile => profile.Name));
        return new(ProfileKey, Profiles[0].Name, $"The defaults of {string.Join(" or ", Profiles.Select(profile => $"{profile.Meaning} ({profile.Name})"))}")
        {
            NeedsPrefix = true,
            Refusal = text => Profiles.Any(profile => profile.Name == text) ? null : $"{ProfileKey} is {SettingText.Quote(text)}; expected is {names}",
        };
    }
}
