using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace GpuPlatform.Collector.Ollama;

/// <summary>The keys that clients show, <c>Ollama:Keys:&lt;name&gt;</c>, as <c>Authorization: Bearer</c> or <c>x-api-key</c>.</summary>
internal sealed class ApiKeys(IReadOnlyDictionary<string, string> keys)
{
    public const string Section = "Ollama:Keys";
    public const string KeyHeader = "x-api-key";

    private const string Bearer = "Bearer ";
    private const int ShortestKey = 16, LongestKey = 512, LongestName = 64;

    // Compared by digest: neither a key's length nor where it differs shows in the time that takes
    private readonly (string Name, byte[] Digest)[] _keys = [.. keys.Select(pair => (pair.Key, DigestOf(pair.Value)))];

    public bool Any => _keys.Length > 0;

    /// <summary>Name of the client whose key the request shows; null when it shows none, or one that is not ours.</summary>
    public string? NameOf(IHeaderDictionary headers)
    {
        if (_keys.Length == 0) return null;
        foreach (var value in headers.Authorization)
            if (value is not null && OfAuthorization(value) is { } name) return name;
        foreach (var value in headers[KeyHeader])
            if (value is not null && Find(value) is { } name) return name;
        return null;
    }

    /// <summary>Whether a header's value shows one of our keys: nobody else is to see it.</summary>
    public bool IsOurs(string header, string value) => _keys.Length > 0 &&
        (header.Equals(HeaderNames.Authorization, StringComparison.OrdinalIgnoreCase) ? OfAuthorization(value) is not null
        : header.Equals(KeyHeader, StringComparison.OrdinalIgnoreCase) && Find(value) is not null);

    public static IEnumerable<string> ProblemsOf(IReadOnlyDictionary<string, string> keys)
    {
        foreach (var (name, key) in keys)
        {
            if (!char.IsAsciiLetter(name.FirstOrDefault()) || name.Length > LongestName || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
                yield return $"{Section}:{name} has a name that is not accepted; accepted are up to {LongestName} letters, digits, '.', '_' and '-', a letter first";
            if (key.Length is < ShortestKey or > LongestKey || !key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~' or '+' or '/' or '='))
                yield return $"{Section}:{name} has {key.Length} characters, or one that is not accepted; accepted are {ShortestKey} to {LongestKey} of letters, digits and -._~+/=";
        }
        foreach (var same in keys.GroupBy(pair => pair.Value).Where(same => same.Count() > 1))
            yield return $"{string.Join(" and ", same.Select(pair => $"{Section}:{pair.Key}"))} are one key; accepted is a key of its own for each";
    }

    private string? OfAuthorization(string value) => value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? Find(value.AsSpan(Bearer.Length).Trim().ToString()) : null;

    private string? Find(string key)
    {
        var digest = DigestOf(key);
        string? found = null;
        foreach (var (name, known) in _keys)
            if (CryptographicOperations.FixedTimeEquals(digest, known)) found = name;
        return found;
    }

    private static byte[] DigestOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
