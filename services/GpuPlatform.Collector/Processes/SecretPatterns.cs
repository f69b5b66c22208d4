using System.Text.RegularExpressions;

namespace GpuPlatform.Collector.Processes;

/// <summary>How secrets are written on command lines.</summary>
internal static partial class SecretPatterns
{
    // The clear words count wherever a name ends with them (dbpassword, accesstoken), the others only as a word of their own.
    // What language models call a token is none
    private const string Words =
        "(?:" + NoModelToken + "token|pass(?:word|wd|phrase)s?|secrets?|api[-_]?keys?|access[-_]?key|(?-i:(?<=[A-Z])(?:PASS|PWD|KEY|AUTH))" +
        "|" + WordStart + "(?:pass|pwd|pw|auth|key|auth[-_]?keys?|private[-_]?key|credentials?|bearer|cookie|session[-_]?id|jwt|sas|sig" +
        "|signature|mnemonic|otp|totp|connection[-_]?string|prompt))(?:[-_]?(?:value|key|id))?";

    private const string NoModelToken = "(?<!(?:eos|bos|pad|unk|sep|cls|mask|stop|image|video|audio|special|per)[-_]?)";

    // After no letter, or as in clientAuth
    private const string WordStart = "(?:(?<![a-z])|(?-i:(?<=[a-z])(?=[A-Z])))";

    // Also as an address or a quoted text within a quoted text has them
    private const string Assigned = "\\\\*(?:[\"']|%22|%27)?\\s*(?:[=:]|%3[ad])\\s*";

    // Quoted (within a quoted text as \"x\", perhaps without its end), a list, or up to what separates it from the next
    private const string Value =
        """(?:\\+"[^"]*(?:"|\z)|"(?:[^"\\]|\\[\s\S])*(?:"|\z)|'[^']*(?:'|\z)|\[[^\]]*(?:\]|\z)|\{[^}]*(?:\}|\z)|[^\s&;"'][^\s&;]*)""";

    private const string PasswordTakers = "(?:mysql[\\w-]*|mariadb[\\w-]*|sshpass|7z[ar]?|rar|unrar)(?:\\.exe)?";

    // --hf-token, --accessToken, /password, -p, login token: the next argument is the value
    [GeneratedRegex("^(?:(?:--?|/)[\\w.-]*" + Words + "|-p|(?:bearer|basic|digest|[\\w-]*(?:token|password|passwd|secret|api[-_]?key)))$", RegexOptions.IgnoreCase)]
    public static partial Regex Option();

    // Authorization: and X-Api-Key: before an argument of its own
    [GeneratedRegex("(?:authorization:?|\\bbearer|authorization:\\s*(?:basic|token|digest)|^[\\w.-]*" + Words + "[\"']?\\s*[:=])\\s*$", RegexOptions.IgnoreCase)]
    public static partial Regex NameWithoutValue();

    // --hf-token=x, HF_TOKEN=x, /p:x: the value is all the rest
    [GeneratedRegex("^(?<kept>(?:(?:--?|/)?[\\w.-]*" + Words + "|/p)[=:])[\\s\\S]+$", RegexOptions.IgnoreCase)]
    public static partial Regex Assignment();

    // ?api_key=x&…, {"clientSecret": "x"}, X-Api-Key: x, export HF_TOKEN=x
    [GeneratedRegex("(?<kept>" + Words + Assigned + ")" + Value, RegexOptions.IgnoreCase)]
    public static partial Regex EmbeddedAssignment();

    // sh -c "serve --api-key x", sh -c "sshpass -p x ssh"
    [GeneratedRegex("(?<kept>(?<![\\w-])(?:--?[\\w.-]*" + Words + "|-p)\\s+)" + Value, RegexOptions.IgnoreCase)]
    public static partial Regex EmbeddedOption();

    // sh -c "mysql -psecret"
    [GeneratedRegex("(?<kept>(?<![\\w-])" + PasswordTakers + "\\s(?:[^|;&]*?\\s)?-p)" + Value, RegexOptions.IgnoreCase)]
    public static partial Regex EmbeddedGlued();

    [GeneratedRegex("(?:^|[\\\\/])" + PasswordTakers + "$", RegexOptions.IgnoreCase)]
    public static partial Regex TakesGlued();

    // sh -c "curl -u me:x http://h", curl -ume:x
    [GeneratedRegex("(?<kept>(?<![\\w-])(?:-u|(?:-u|--user|--proxy-user)[\\s=]+)[\"']?)[^\\s:\"'=-][^\\s:\"']*:(?!//)[^\\s\"']+", RegexOptions.IgnoreCase)]
    public static partial Regex EmbeddedUser();

    // The value of a header is all the rest: its parts are separated by what separates values elsewhere
    [GeneratedRegex("(?<kept>(?:authorization|cookie)\\\\*[\"']?\\s*[:=]\\s*).+", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    public static partial Regex Header();

    [GeneratedRegex("(?<kept>\\b(?:bearer|basic)\\s+)[\\w+/=.~-]{8,}", RegexOptions.IgnoreCase)]
    public static partial Regex Scheme();

    // With a name before it a password may even hold what should have been escaped, but a port is none
    [GeneratedRegex("(?<kept>[a-z][a-z0-9+.-]{0,31}://)(?:[^\\s/?#\"']*|[^\\s/?#\"'@:]*:(?![0-9]{1,5}[/?#])[^\\s\"']*)@", RegexOptions.IgnoreCase)]
    public static partial Regex UrlCredentials();

    [GeneratedRegex(
        "(?<![A-Za-z0-9])(?:(?:sk|pk|rk|nvapi|glpat|pypi|pplx|xai|tskey|xapp|tvly|NRAK|GOCSPX)-[\\w-]{16,}|(?:hf|gsk|npm|gh[opsur]|r8|whsec|glsa|ntn)_[A-Za-z0-9]{16,}" +
        "|(?:github_pat|dckr_pat|[spr]k_live|api_org|dop_v1|lsv2_[ps]t)_[\\w-]{16,}|xox[abeoprs]-[\\w-]{10,}|(?:AKIA|ASIA)[0-9A-Z]{16}(?![0-9A-Za-z])" +
        "|AIza[\\w-]{30,}|ya29\\.[\\w-]{16,}|hv[sb]\\.[\\w-]{16,}|SG\\.[\\w-]{16,}\\.[\\w-]{16,}|dapi[0-9a-f]{32}|AGE-SECRET-KEY-1[0-9A-Z]{16,}" +
        "|eyJ[\\w-]{8,}\\.[\\w-]{8,}\\.[\\w-]*)" +
        "|(?<=hooks\\.slack\\.com/)[\\w/-]+|(?<=/api/webhooks/)[\\w/-]+|(?<=/bot)[0-9]{6,}:[\\w-]{30,}" +
        "|-----BEGIN [A-Z ]*PRIVATE KEY-----[\\s\\S]*")]
    public static partial Regex KnownToken();

    // wandb login 0123…
    [GeneratedRegex(@"^[\w.-]{20,}$")]
    public static partial Regex LongWord();
}
