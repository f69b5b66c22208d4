using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace GpuPlatform.History.Queries;

/// <summary>Reads a query string field by field; every problem is named with the values that are accepted, and all of them at once.</summary>
internal sealed class QueryFields(IEnumerable<KeyValuePair<string, StringValues>> query)
{
    private static readonly string[] Instants =
        ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    private readonly Dictionary<string, StringValues> _query = query.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
    private readonly List<string> _known = [];

    public Dictionary<string, string[]> Problems { get; } = new(StringComparer.Ordinal);

    /// <summary>A text without control characters; null when it is not given.</summary>
    public string? Text(string name, int limit, string expected)
    {
        var text = Take(name);
        if (text is not null && (string.IsNullOrWhiteSpace(text) || text.Length > limit || text.Any(char.IsControl)))
            Refuse(name, text, $"{expected}, at most {limit} characters");
        return text;
    }

    /// <summary>An instant, or a date: the beginning of that day in UTC, or its end where an end is asked for.</summary>
    public DateTimeOffset? Instant(string name, bool isEnd)
    {
        if (Take(name) is not { } text)
            return null;
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, Utc, out var day) && day.Year is > 1 and < 9999)
            return isEnd ? day.AddDays(1) : day;
        if (DateTimeOffset.TryParseExact(text, Instants, CultureInfo.InvariantCulture, Utc, out var instant) && instant.Year is > 1 and < 9999)
            return instant;
        Refuse(name, text, "a date such as 2026-11-21, or an instant such as 2026-11-21T08:30:00Z (a + is written %2B)");
        return null;
    }

    /// <summary>One of some words; <paramref name="otherwise"/> when it is not given.</summary>
    [return: NotNullIfNotNull(nameof(otherwise))]
    public string? Word(string name, string? otherwise, params ReadOnlySpan<string> words)
    {
        if (Take(name) is not { } text)
            return otherwise;
        if (words.Contains(text))
            return text;
        Refuse(name, text, $"one of {string.Join(", ", words)}");
        return otherwise;
    }

    public int Whole(string name, int least, int most, int otherwise)
    {
        if (Take(name) is not { } text)
            return otherwise;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        Refuse(name, text, $"a whole number from {least} to {most}");
        return otherwise;
    }

    public double? Number(string name, double most)
    {
        if (Take(name) is not { } text)
            return null;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number <= most)
            return number;
        Refuse(name, text, $"a number from 0 to {most}");
        return null;
    }

    public void Refuse(string name, string? text, string accepted) => Problems[name] = [$"'{Shown(text)}' is not accepted: {accepted}"];

    /// <summary>To be called last: names what nobody asked for.</summary>
    public void RefuseOthers()
    {
        foreach (var name in _query.Keys.Except(_known))
            Problems[name] = [$"unknown parameter; known are {string.Join(", ", _known)}"];
    }

    private string? Take(string name)
    {
        if (!_known.Contains(name))
            _known.Add(name);
        if (!_query.TryGetValue(name, out var values))
            return null;
        if (values.Count == 1)
            return values[0] ?? "";
        Problems[name] = ["give it once"];
        return null;
    }

    private static string? Shown(string? text) => text is { Length: > 100 } ? $"{text[..100]}…" : text;
}
