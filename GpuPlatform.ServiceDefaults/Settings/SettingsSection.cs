using System.Globalization;
using System.Runtime.CompilerServices;

namespace GpuPlatform.ServiceDefaults.Settings;

/// <summary>The keys of one section of the configuration.</summary>
public class SettingsSection(string name)
{
    private readonly List<Setting> _settings = [];

    public string Name => name;

    public IReadOnlyList<Setting> Settings => _settings;

    protected void Add(Setting setting) => _settings.Add(setting);
}

/// <summary>A section that is bound to <typeparamref name="TOptions"/>. Name, type and default of a key are those of the property.</summary>
public sealed class SettingsSection<TOptions>(string name) : SettingsSection(name) where TOptions : new()
{
    /// <summary>Adds the key of a property.</summary>
    /// <param name="read">The property, written <c>o => o.Property</c>; of a nested section <c>o => o.Section.Property</c>.</param>
    /// <param name="meaning">What it is for.</param>
    /// <param name="defaultMeaning">What holds by default, when the property's default does not say it.</param>
    /// <param name="property">Given by the compiler: the text of <paramref name="read"/>.</param>
    public SettingsSection<TOptions> Key<T>(
        Func<TOptions, T?> read, string meaning, string? defaultMeaning = null, [CallerArgumentExpression(nameof(read))] string property = "")
        where T : IParsable<T>
    {
        var key = $"{Name}:{PathOf(property)}";
        var form = FormOf(typeof(T));
        Add(new Setting(key, Written(read(new TOptions())), meaning)
        {
            DefaultMeaning = defaultMeaning,
            Form = form,
            Refusal = text => T.TryParse(text, CultureInfo.InvariantCulture, out _) ? null : $"{key} is {SettingText.Quote(text)}; expected is {form}",
        });
        return this;
    }

    /// <summary>Adds keys of which a part is a name that is chosen: the properties of a dictionary, whose values the options themselves check.</summary>
    /// <param name="path">Below the section, the name in angle brackets, as in <c>Keys:&lt;name&gt;</c>.</param>
    /// <param name="meaning">What they are for.</param>
    /// <param name="isSecret">Whether their values are never shown.</param>
    public SettingsSection<TOptions> Keys(string path, string meaning, bool isSecret = false)
    {
        Add(new Setting($"{Name}:{path}", null, meaning) { DefaultMeaning = "none", IsSecret = isSecret });
        return this;
    }

    private static string PathOf(string lambda)
    {
        var dot = lambda.IndexOf('.', StringComparison.Ordinal);
        var path = dot < 0 ? "" : lambda[(dot + 1)..];
        return path.Length > 0 && path.All(c => char.IsAsciiLetterOrDigit(c) || c == '.')
            ? path.Replace('.', ':')
            : throw new ArgumentException($"'{lambda}' is not of the form o => o.Property", nameof(lambda));
    }

    private static string? FormOf(Type type) =>
        type == typeof(TimeSpan) ? "a time as hh:mm:ss, as in 00:00:02"
        : type == typeof(bool) ? "true or false"
        : type == typeof(int) || type == typeof(long) ? "a whole number"
        : type == typeof(double) ? "a number"
        : null;

    private static string? Written<T>(T? value) => value switch
    {
        TimeSpan time => time.Ticks % TimeSpan.TicksPerSecond == 0 ? $"{time}" : $"{time}".TrimEnd('0'),
        bool flag => flag ? "true" : "false",
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString(),
    };
}
