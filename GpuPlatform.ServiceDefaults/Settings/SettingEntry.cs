namespace GpuPlatform.ServiceDefaults.Settings;

/// <summary>One value as somebody wrote it.</summary>
/// <param name="Key">The key in the spelling of the writer.</param>
/// <param name="Value">The text; null takes back what earlier layers said of the key and of those below it.</param>
/// <param name="Origin">Where it was written, for a person: a file and line, a variable.</param>
public sealed record SettingEntry(string Key, string? Value, string Origin);

/// <summary>The values of one file, of the environment or of the command line.</summary>
/// <param name="Entries">In the order in which they were written.</param>
/// <param name="IsOurs">Whether all of them are meant for this product: a key that is unknown is then a mistake.</param>
internal sealed record SettingsLayer(IReadOnlyList<SettingEntry> Entries, bool IsOurs);
