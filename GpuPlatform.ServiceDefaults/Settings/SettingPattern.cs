namespace GpuPlatform.ServiceDefaults.Settings;

/// <summary>Keys of which a part is a name that somebody chooses, as in <c>Ollama:Keys:&lt;name&gt;</c>: the part stands in angle brackets.</summary>
internal static class SettingPattern
{
    public static bool IsPattern(string key) => key.Contains('<', StringComparison.Ordinal);

    /// <summary>Whether the key is one of the pattern.</summary>
    public static bool Matches(string pattern, string key) => Begins(pattern, key, out var depth) && depth == Parts(pattern).Length;

    /// <summary>Whether the key is a section in which keys of the pattern lie.</summary>
    public static bool LiesBelow(string pattern, string section) => Begins(pattern, section, out var depth) && depth < Parts(pattern).Length;

    /// <summary>The pattern with the names that a key has in their places.</summary>
    public static string Fill(string pattern, string key)
    {
        if (!IsPattern(pattern)) return pattern;
        var written = Parts(key);
        return string.Join(':', Parts(pattern).Select((part, i) => IsPattern(part) && i < written.Length && written[i].Length > 0 ? written[i] : part));
    }

    private static bool Begins(string pattern, string key, out int depth)
    {
        string[] parts = Parts(pattern), written = Parts(key);
        depth = written.Length;
        return depth <= parts.Length
            && written.Zip(parts).All(pair => IsPattern(pair.Second) ? pair.First.Length > 0 : pair.First.Equals(pair.Second, StringComparison.OrdinalIgnoreCase));
    }

    private static string[] Parts(string key) => key.Split(':');
}
