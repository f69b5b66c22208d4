using GpuPlatform.Collector.Ollama.Requests.Clients;
using GpuPlatform.Collector.Processes;

namespace GpuPlatform.Collector.Ollama.Requests.Capture;

/// <summary>The headers of a request as they may be kept: without credentials, bounded.</summary>
internal static class CapturedHeaders
{
    private const int MostHeaders = 64;
    private const int MostCharacters = 512;

    private static readonly string[] Credentials =
        ["Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Api-Key", "Api-Key", "X-Goog-Api-Key", "X-Csrf-Token", "X-Xsrf-Token"];

    /// <summary>True for a header whose value is a secret, as far as its name tells. A session's name counts: it opens the session.</summary>
    public static bool IsCredential(string name) =>
        Credentials.Contains(name, StringComparer.OrdinalIgnoreCase) || SecretPatterns.NameWithoutValue().IsMatch($"{name}:");

    public static (SortedDictionary<string, string> Headers, bool IsCut) Of(IHeaderDictionary headers)
    {
        var kept = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var isCut = headers.Count > MostHeaders;
        foreach (var (name, values) in headers.Take(MostHeaders))
        {
            var value = values.ToString();
            isCut |= value.Length > MostCharacters;
            // Redacted before it is cut: of a secret that is cut not even the beginning may be shown
            kept[ProcessText.Cut(name, MostCharacters)] = IsCredential(name) ? CommandLineRedaction.Removed
                : ClientNames.Clean(CommandLineRedaction.Redact(value), MostCharacters) ?? "";
        }
        return (kept, isCut);
    }
}
