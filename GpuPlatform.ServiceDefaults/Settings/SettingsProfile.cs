namespace GpuPlatform.ServiceDefaults.Settings;

/// <summary>A set of defaults for one kind of host, chosen by the key <c>Profile</c>.</summary>
/// <param name="Name">The value that chooses it.</param>
/// <param name="Meaning">Which hosts it is for.</param>
/// <param name="Values">Keys that differ from the built-in defaults.</param>
public sealed record SettingsProfile(string Name, string Meaning, IReadOnlyDictionary<string, string> Values);
