using System.Text.RegularExpressions;

namespace GpuPlatform.ServiceDefaults.Settings;

/// <summary>How values that somebody wrote are shown: in one line, and without their secrets.</summary>
internal static partial class SettingText
{
    private const int LongestShown = 80;
    public const string Hidden = "***";

    private static readonly string[] SecretNames = ["password", "pwd", "secret", "token", "apikey", "headers"];

    public static string Quote(string text) => $"'{OneLine(text)}'";

    public static string OneLine(string text) =>
        string.Concat(text.Take(LongestShown).Select(c => char.IsControl(c) ? '?' : c)) + (text.Length > LongestShown ? "…" : "");

    /// <summary>The value with its secrets hidden; of a secret that is not understood nothing is shown.</summary>
    public static string Mask(string key, string value, bool isSecret)
    {
        var name = key[(key.LastIndexOf(':') + 1)..].Replace("_", "", StringComparison.Ordinal);
        if (SecretNames.Any(secret => name.EndsWith(secret, StringComparison.OrdinalIgnoreCase))) return Hidden;
        var masked = PasswordPart().Replace(UserInfo().Replace(value, $"${{user}}:{Hidden}@"), $"${{name}}={Hidden}");
        return isSecret && masked == value && value.Length > 0 && !AddressWithoutUser().IsMatch(value) ? Hidden : OneLine(masked);
    }

    // The last @ ends it: a password may hold one that nobody escaped
    [GeneratedRegex("(?<user>://[^:/@;]*):[^;]*@")]
    private static partial Regex UserInfo();

    [GeneratedRegex("(?<name>password|pwd|secret|token|key)\\s*=[^;]*", RegexOptions.IgnoreCase)]
    private static partial Regex PasswordPart();

    [GeneratedRegex("^[a-z]+://[^@?]*$")]
    private static partial Regex AddressWithoutUser();
}
