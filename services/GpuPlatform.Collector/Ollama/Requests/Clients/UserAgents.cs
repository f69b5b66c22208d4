using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace GpuPlatform.Collector.Ollama.Requests.Clients;

/// <summary>The product of a User-Agent.</summary>
/// <param name="Name">Its name, never a version.</param>
/// <param name="IsGeneric">It names a library that everybody uses, and not who asks: the process says more.</param>
internal readonly record struct ClientAgent(string Name, bool IsGeneric);

/// <summary>What clients call themselves.</summary>
internal static partial class UserAgents
{
    // Names that differ from what is sent; what is not listed is its own
    private static readonly FrozenDictionary<string, string> Named = new Dictionary<string, string>
    {
        ["OpenWebUI"] = "open-webui",
        ["Mozilla"] = "browser",
        ["HomeAssistant"] = "home-assistant",
        ["claude-cli"] = "claude-code",
        ["codex_cli_rs"] = "codex",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Generic = new[]
    {
        "go-http-client", "python", "python-requests", "python-urllib", "python-urllib3", "python-httpx", "httpx", "aiohttp", "node", "node-fetch", "undici", "axios",
        "got", "bun", "deno", "okhttp", "java", "java-http-client", "apache-httpclient", "reqwest", "hyper", "ureq", "ruby", "faraday", "guzzlehttp", "php", "dart",
        "libwww-perl", "dotnet",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Null when it names no product.</summary>
    public static ClientAgent? Parse(string? userAgent)
    {
        if (string.IsNullOrWhiteSpace(userAgent)) return null;
        var text = userAgent.Length <= 512 ? userAgent : userAgent[..512];
        if (Sdk().Match(text) is { Success: true } sdk)
            return new(Lower(sdk.Groups["language"] is { Success: true } language ? $"{sdk.Groups["maker"].Value}-{language.Value}" : sdk.Groups["maker"].Value), false);
        if (Product().Match(text) is not { Success: true } product || ClientNames.Clean(product.Groups["name"].Value) is not { } name) return null;
        if (Aiohttp().IsMatch(text)) name = "aiohttp";
        if (Named.TryGetValue(name, out var nice)) return new(nice, false);
        return IsGeneric(name) ? new(Lower(name), true) : new(name, false);
    }

    public static bool IsGeneric(string name) => Generic.Contains(name);

    private static string Lower(string name) => name.ToLowerInvariant();

    // OpenAI/Python 1.30.1, AsyncOpenAI/Python 1.30.1, Anthropic/JS 0.39.0; OpenAI/2.1.0 is that for .NET
    [GeneratedRegex("^(?:Async)?(?:Azure)?(?<maker>OpenAI|Anthropic)/(?<language>[A-Za-z]{1,16})?", RegexOptions.IgnoreCase)]
    private static partial Regex Sdk();

    // A product by RFC 9110 §10.1.5, without a version that stands behind a dash instead of a slash
    [GeneratedRegex(@"^\s*(?<name>[\w!#$%&'*+.^`|~-]*?[A-Za-z][\w!#$%&'*+.^`|~-]*?)(?:[-_]?v?[0-9]+(?:\.[0-9]+)+\S*)?(?=[/\s(;,]|\z)", RegexOptions.CultureInvariant)]
    private static partial Regex Product();

    [GeneratedRegex(@"^\s*Python/\S+ aiohttp/", RegexOptions.CultureInvariant)]
    private static partial Regex Aiohttp();
}
