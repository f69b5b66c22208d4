using System.Buffers;

namespace GpuPlatform.Collector.Processes;

/// <summary>
/// Removes secrets, and prompts, from a command line before it leaves the host. It removes too much rather than too little: nothing
/// needs the value of an option whose name speaks of a secret.
/// </summary>
internal static class CommandLineRedaction
{
    public const string Removed = "***";

    /// <summary>Stands for arguments that were not read.</summary>
    public const string More = "…";

    private const int MostArguments = 128;

    // Longer than what is shown, so that a secret is recognised whole; bounded, so that no argument costs time without limit
    private const int MostCharactersRead = 4 * ProcessText.MostCharacters;

    private static readonly SearchValues<char> BetweenWords = SearchValues.Create(" \t\r\n,;&\"'");

    public static List<string> Redact(IReadOnlyList<string> arguments)
    {
        var safe = new List<string>(Math.Min(arguments.Count, MostArguments + 1));
        for (var i = 0; i < arguments.Count && i < MostArguments; i++)
            safe.Add(i > 0 && IsSecret(arguments, i) ? Removed : ProcessText.Clean(WithoutGluedSecret(arguments[0], arguments[i])));
        if (arguments.Count > MostArguments)
            safe.Add(More);
        return safe;
    }

    /// <summary>A single text (a path, the value of a variable) without secrets and fit to be shown.</summary>
    public static string Show(string text) => ProcessText.Clean(Redact(text));

    public static string Redact(string argument)
    {
        var text = argument.Length <= MostCharactersRead ? argument : argument[..MostCharactersRead];
        text = SecretPatterns.Assignment().Replace(text, "${kept}" + Removed);
        text = SecretPatterns.Header().Replace(text, "${kept}" + Removed);
        text = SecretPatterns.Scheme().Replace(text, "${kept}" + Removed);
        text = SecretPatterns.UrlCredentials().Replace(text, "${kept}" + Removed + "@");
        text = SecretPatterns.EmbeddedAssignment().Replace(text, "${kept}" + Removed);
        text = SecretPatterns.EmbeddedOption().Replace(text, "${kept}" + Removed);
        text = SecretPatterns.EmbeddedGlued().Replace(text, "${kept}" + Removed);
        text = SecretPatterns.EmbeddedUser().Replace(text, "${kept}" + Removed);
        text = SecretPatterns.KnownToken().Replace(text, Removed);
        return argument.Length <= MostCharactersRead || text.EndsWith(Removed, StringComparison.Ordinal) ? text : WithoutLastWord(text);
    }

    // What is cut in its middle has no shape by which it could be recognised, so the last word goes as a whole
    private static string WithoutLastWord(string text) => string.Concat(text.AsSpan(0, text.AsSpan().LastIndexOfAny(BetweenWords) + 1), More);

    private static bool IsSecret(IReadOnlyList<string> arguments, int position)
    {
        var (previous, argument) = (arguments[position - 1], arguments[position]);
        // An option may have been meant as a mere switch: what looks like the next option is kept
        return !argument.StartsWith("--", StringComparison.Ordinal)
            && (SecretPatterns.Option().IsMatch(previous) || SecretPatterns.NameWithoutValue().IsMatch(previous)
                || previous is "login" && SecretPatterns.LongWord().IsMatch(argument)
                || (previous is "-u" or "-U" or "--user" or "--proxy-user" && argument.Contains(':')));
    }

    // mysql -psecret: -p means so much else elsewhere that only these programs' is looked at
    private static string WithoutGluedSecret(string program, string argument) =>
        argument.Length > 2 && argument.StartsWith("-p", StringComparison.Ordinal) && SecretPatterns.TakesGlued().IsMatch(program)
            ? "-p" + Removed : Redact(argument);
}
