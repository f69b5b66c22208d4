using System.Text.RegularExpressions;

namespace GpuPlatform.Classifier.Rules.Conditions;

/// <summary>A regular expression that takes time linear in the text, whatever it is; one without special characters is looked for as it stands.</summary>
internal sealed class TextPattern
{
    public const int Longest = 2000;
    private readonly string _pattern;
    private readonly string? _literal;
    private readonly Regex? _regex;

    /// <exception cref="ArgumentException">It is no regular expression.</exception>
    /// <exception cref="NotSupportedException">It asks for what cannot be found in linear time, as looking around does.</exception>
    public TextPattern(string pattern)
    {
        _pattern = pattern;
        if (Regex.Escape(pattern).Replace("\\ ", " ", StringComparison.Ordinal) == pattern)
            _literal = pattern.ToLowerInvariant();
        else
            // No time limit: a limit is wall time, and on a starved or suspended host it would lose the verdict
            _regex = new Regex(pattern, Options(pattern), Regex.InfiniteMatchTimeout);
    }

    /// <summary>The same as one pattern, which is found in one pass.</summary>
    public static TextPattern Joined(IReadOnlyList<TextPattern> patterns) =>
        patterns.Count == 1 ? patterns[0] : new TextPattern(string.Join('|', patterns.Select(pattern => $"(?:{pattern._pattern})")));

    public bool IsMatch(string text) => _literal is not null ? text.Contains(_literal, StringComparison.Ordinal) : _regex!.IsMatch(text);

    // The texts are in lower case, so most patterns need no folding, which costs time
    private static RegexOptions Options(string pattern) =>
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | (pattern.Any(char.IsUpper) ? RegexOptions.IgnoreCase : RegexOptions.None);
}
