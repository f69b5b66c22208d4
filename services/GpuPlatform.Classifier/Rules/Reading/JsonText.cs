using System.Text.Json;

namespace GpuPlatform.Classifier.Rules.Reading;

/// <summary>A JSON document as nodes. What is null counts as not given.</summary>
internal static class JsonText
{
    public static readonly JsonDocumentOptions Options = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    // As nodes a few bytes become a hundred: many small values must not fill the memory
    private const int MostValues = 2_000_000;

    /// <summary>Null when it is null.</summary>
    /// <exception cref="JsonException">It holds too many values.</exception>
    /// <exception cref="InvalidOperationException">It holds a text that is not valid Unicode.</exception>
    public static Node? Read(JsonElement root)
    {
        var left = MostValues;
        return Read(root, ref left);
    }

    private static Node? Read(JsonElement element, ref int left) => --left < 0 ? throw new JsonException($"it holds more than {MostValues} values.") : element.ValueKind switch
    {
        JsonValueKind.String => new ScalarNode(0, element.GetString() ?? "", IsText: true),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => new ScalarNode(0, element.GetRawText(), IsText: false),
        JsonValueKind.Array => new ListNode(0, Items(element, ref left)),
        JsonValueKind.Object => new MapNode(0, Entries(element, ref left)),
        _ => null,
    };

    private static List<Node> Items(JsonElement list, ref int left)
    {
        var items = new List<Node>();
        foreach (var item in list.EnumerateArray())
            items.Add(Read(item, ref left) ?? new ScalarNode(0, "null", IsText: false));
        return items;
    }

    private static List<MapEntry> Entries(JsonElement map, ref int left)
    {
        var entries = new List<MapEntry>();
        foreach (var property in map.EnumerateObject())
            if (Read(property.Value, ref left) is { } value)
                entries.Add(new MapEntry(property.Name, 0, value));
        return entries;
    }
}
