using System.Text.Json;

namespace GpuPlatform.Collector.Ollama.Models;

/// <summary>Reads a JSON answer that may hold anything. A member that has not its form is null, and noted by its name.</summary>
internal sealed class AnswerReader(string path)
{
    private const int LongestText = 256;
    private static readonly TimeSpan Forever = TimeSpan.FromDays(36_500);

    private readonly SortedSet<string> _oddities = new(StringComparer.Ordinal);

    /// <summary>What was not understood, as in <c>size at /api/ps</c>.</summary>
    public IReadOnlyCollection<string> Oddities => _oddities;

    /// <summary>The objects of a list.</summary>
    /// <exception cref="ServerProblem">There is no such list.</exception>
    public IEnumerable<JsonElement> List(JsonElement root, string name)
    {
        if (Find(root, name) is not { } list)
            // Ollama writes an empty list as null
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out _) ? [] : throw new ServerProblem($"{path} was answered without '{name}'") { Answered = true };
        if (list.ValueKind != JsonValueKind.Array) throw new ServerProblem($"{path} was answered with '{name}' that is no list") { Answered = true };
        return Objects(list, name);
    }

    public string? Text(JsonElement parent, string name) => Find(parent, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text when TextOf(text) is { Length: <= LongestText } known => known.Length == 0 ? null : known,
        _ => Odd<string>(name),
    };

    public long? Bytes(JsonElement parent, string name) => Find(parent, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out var value) && value >= 0 => value,
        _ => OddValue<long>(name),
    };

    /// <summary>A count of which 0 means that it is not known.</summary>
    public int? Count(JsonElement parent, string name) => Find(parent, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out var value) && value >= 0 => value == 0 ? null : value,
        _ => OddValue<int>(name),
    };

    /// <summary>An instant in whole milliseconds; null too for one so far away that never is meant.</summary>
    public DateTimeOffset? Instant(JsonElement parent, string name, DateTimeOffset now) => Find(parent, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text when text.TryGetDateTimeOffset(out var value) =>
            value.Year < 2000 || value - now > Forever ? null : DateTimeOffset.FromUnixTimeMilliseconds(value.ToUnixTimeMilliseconds()),
        _ => OddValue<DateTimeOffset>(name),
    };

    public JsonElement? Object(JsonElement parent, string name) => Find(parent, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } found => found,
        _ => OddValue<JsonElement>(name),
    };

    private IEnumerable<JsonElement> Objects(JsonElement list, string name)
    {
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Object) yield return item;
            else Odd<string>(name);
        }
    }

    private static JsonElement? Find(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var found) && found.ValueKind != JsonValueKind.Null ? found : null;

    // A lone half of a surrogate pair can be written in JSON, but not read
    private static string? TextOf(JsonElement text)
    {
        try
        {
            return text.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private T? Odd<T>(string name) where T : class
    {
        _oddities.Add($"{name} at {path}");
        return null;
    }

    private T? OddValue<T>(string name) where T : struct
    {
        _oddities.Add($"{name} at {path}");
        return null;
    }
}
