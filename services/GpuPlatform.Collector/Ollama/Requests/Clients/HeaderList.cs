using GpuPlatform.Collector.Ollama.Requests.Capture;

namespace GpuPlatform.Collector.Ollama.Requests.Clients;

/// <summary>Names of headers as a setting lists them, with commas between.</summary>
internal static class HeaderList
{
    private const int MostHeaders = 16;

    public static string[] Parse(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What is wrong with the list, in words; null when nothing is.</summary>
    public static string? Problem(string list)
    {
        var names = Parse(list);
        return names.Length > MostHeaders ? $"has {names.Length} names; accepted are at most {MostHeaders}"
            : Array.Find(names, name => !name.All(IsTokenCharacter)) is { } odd ? $"has '{odd}'; accepted are names of headers with commas between"
            : Array.Find(names, IsSecret) is { } secret ? $"has '{secret}', which holds a secret; accepted are headers whose value may be shown"
            : null;
    }

    // Some want to tell conversations apart, and a conversation's name opens nothing
    private static bool IsSecret(string name) => CapturedHeaders.IsCredential(name) && !name.Equals("X-Session-ID", StringComparison.OrdinalIgnoreCase);

    private static bool IsTokenCharacter(char c) => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal);
}
