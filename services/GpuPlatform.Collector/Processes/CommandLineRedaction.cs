using System.Text.RegularExpressions;

namespace GpuPlatform.Collector.Processes;

/// <summary>
/// Removes secrets, and prompts, from a command line before it leaves the host. It removes too much rather than too little: nothing
/// needs the value of an option whose name speaks of a secret.
/// </summary>
internal static partial class CommandLineRedaction
{
    public const string Removed = "***";
    private const int MostArguments = 128;

    // Longer than what is shown, so that a secret is recognised whole; bounded, so that no argument costs time without limit
    private const int MostCharactersRead = 4 * ProcessText.MostCharacters;

    // The clear words count wherever a name ends with them (dbpassword, accesstoken), the others only as a word of their own
    private const string Words =
        "(?:token|pass(?:word|wd|phrase)s?|secrets?|api[-_]?keys?|access[-_]?key" +
        "|" + WordStart + "(?:pass|pwd|auth|key|auth[-_]?keys?|private[-_]?key|credentials?|bearer|cookie|session[-_]?id|jwt|sas|sig" +
        "|signature|mnemonic|connection[-_]?string|prompt))(?:[-_]?(?:value|key|id))?";

    // After no letter, or as in clientAuth
    private const string WordStart = "(?:(?<![a-z])|(?-i:(?<=[a-z])(?=[A-Z])))";

    // Quoted (within a quoted text as \"x\", perhaps without its end), or up to what separates it from the next
    private const string Value =
        """(?:\\"[^"]*(?:"|\z)|"(?:[^"\\]|\\[\s\S])*(?:"|\z)|'[^']*(?:'|\z)|[^\s&,;"'][^\s&,;]*)""";

    public static List<string> Redact(IReadOnlyList<string> arguments)
    {
        var safe = new List<string>(Math.Min(arguments.Count, MostArguments + 1));
        for (var i = 0; i < arguments.Count && i < MostArguments; i++)
            safe.Add(i > 0 && IsValueOfSecret(arguments[i - 1], arguments[i]) ? Removed : ProcessText.Clean(Redact(arguments[i])));
        if (arguments.Count > MostArguments)
            safe.Add("…");
        return safe;
    }

    public static string Redact(string argument)
    {
        var text = argument.Length <= MostCharactersRead ? argument : argument[..MostCharactersRead];
        text = Assignment().Replace(text, "${kept}" + Removed);
        text = Header().Replace(text, "${kept}" + Removed);
        text = Scheme().Replace(text, "${kept}" + Removed);
        text = UrlCredentials().Replace(text, "${kept}" + Removed + "@");
        text = EmbeddedAssignment().Replace(text, "${kept}" + Removed);
        text = EmbeddedOption().Replace(text, "${kept}" + Removed);
        text = EmbeddedUser().Replace(text, "${kept}" + Removed);
        return KnownToken().Replace(text, Removed);
    }

    // An option may have been meant as a mere switch: what looks like the next option is kept
    private static bool IsValueOfSecret(string previous, string argument) =>
        !argument.StartsWith("--", StringComparison.Ordinal)
        && (Option().IsMatch(previous) || HeaderWithoutValue().IsMatch(previous)
            || (previous is "-u" or "--user" or "--proxy-user" && argument.Contains(':')));

    // --hf-token, --accessToken, /password, -p: the next argument is the value
    [GeneratedRegex("^(?:(?:--?|/)[\\w.-]*" + Words + "|-p)$", RegexOptions.IgnoreCase)]
    private static partial Regex Option();

    // --hf-token=x, HF_TOKEN=x, /p:x: the value is all the rest
    [GeneratedRegex("^(?<kept>(?:(?:--?|/)?[\\w.-]*" + Words + "|/p)[=:])[\\s\\S]+$", RegexOptions.IgnoreCase)]
    private static partial Regex Assignment();

    // ?api_key=x&…, {"clientSecret": "x"}, X-Api-Key: x, export HF_TOKEN=x
    [GeneratedRegex("(?<kept>" + Words + "\\\\?[\"']?\\s*[=:]\\s*)" + Value, RegexOptions.IgnoreCase)]
    private static partial Regex EmbeddedAssignment();

    // sh -c "serve --api-key x", sh -c "sshpass -p x ssh"
    [GeneratedRegex("(?<kept>(?<![\\w-])(?:--?[\\w.-]*" + Words + "|-p)\\s+)" + Value, RegexOptions.IgnoreCase)]
    private static partial Regex EmbeddedOption();

    // sh -c "curl -u me:x http://h"
    [GeneratedRegex("(?<kept>(?<![\\w-])(?:-u|--user|--proxy-user)[\\s=]+[\"']?)[^\\s:\"']+:[^\\s\"']+", RegexOptions.IgnoreCase)]
    private static partial Regex EmbeddedUser();

    // The value of a header is all the rest: its parts are separated by what separates values elsewhere
    [GeneratedRegex("(?<kept>(?:authorization|cookie)[\"']?\\s*[:=]\\s*).+", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Header();

    [GeneratedRegex("(?<kept>\\b(?:bearer|basic)\\s+)[\\w+/=.~-]{8,}", RegexOptions.IgnoreCase)]
    private static partial Regex Scheme();

    [GeneratedRegex("(?:authorization:?|\\bbearer|authorization:\\s*basic)\\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex HeaderWithoutValue();

    [GeneratedRegex("(?<kept>[a-z][a-z0-9+.-]{0,31}://)[^\\s/?#\"']*@", RegexOptions.IgnoreCase)]
    private static partial Regex UrlCredentials();

    [GeneratedRegex(
        "\\b(?:(?:sk|pk|rk|nvapi|glpat|pypi|pplx|xai|tskey|xapp|GOCSPX)-[\\w-]{16,}|(?:hf|gsk|npm|gh[opsur]|r8)_[A-Za-z0-9]{16,}" +
        "|(?:github_pat|dckr_pat|[spr]k_live|api_org|dop_v1)_[\\w-]{16,}|xox[abeoprs]-[\\w-]{10,}|(?:AKIA|ASIA)[0-9A-Z]{16}\\b" +
        "|AIza[\\w-]{30,}|ya29\\.[\\w-]{16,}|SG\\.[\\w-]{16,}\\.[\\w-]{16,}|dapi[0-9a-f]{32}|eyJ[\\w-]{8,}\\.[\\w-]{8,}\\.[\\w-]*)" +
        "|(?<=hooks\\.slack\\.com/)[\\w/-]+|(?<=/api/webhooks/)[\\w/-]+|(?<=/bot)[0-9]{6,}:[\\w-]{30,}" +
        "|-----BEGIN [A-Z ]*PRIVATE KEY-----[\\s\\S]*")]
    private static partial Regex KnownToken();
}
