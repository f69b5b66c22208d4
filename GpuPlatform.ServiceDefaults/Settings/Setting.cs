namespace GpuPlatform.ServiceDefaults.Settings;

/// <summary>One key that can be set: its name, the default as it would be written, and what it is for.</summary>
/// <param name="Key">Full name, parts divided by colons; a part in angle brackets is a name that is chosen by who writes it.</param>
/// <param name="Default">What holds when nobody sets it; null when nothing does.</param>
/// <param name="Meaning">A few words for a person.</param>
public sealed record Setting(string Key, string? Default, string Meaning)
{
    /// <summary>What is said instead of <see cref="Default"/> where that cannot be written down, as in "the machine's name".</summary>
    public string? DefaultMeaning { get; init; }

    /// <summary>The form of the type, as it follows "expected is"; null when any text will do.</summary>
    public string? Form { get; init; }

    /// <summary>Says in one sentence what is wrong with a text; null when it can be used.</summary>
    public Func<string, string?> Refusal { get; init; } = _ => null;

    /// <summary>Whether the value is never shown as it is.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Whether it is any number of keys.</summary>
    public bool IsPattern => SettingPattern.IsPattern(Key);

    /// <summary>Whether a plain environment variable of this name is somebody else's.</summary>
    public bool NeedsPrefix { get; init; }
}
