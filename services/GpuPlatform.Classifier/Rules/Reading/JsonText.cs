using System.Text.Json;

namespace GpuPlatform.Classifier.Rules.Reading;

/// <summary>A JSON document as nodes. What is null counts as not given.</summary>
internal static class JsonText
{
    public static readonly JsonDocumentOptions Options = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    public static Node? Read(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => new ScalarNode(0, element.GetString() ?? "", IsText: true),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => new ScalarNode(0, element.GetRawText(), IsText: false),
        JsonValueKind.Array => new ListNode(0, [.. element.EnumerateArray().Select(item => Read(item) ?? new ScalarNode(0, "null", IsText: false))]),
        JsonValueKind.Object => new MapNode(0, [.. Entries(element)]),
        _ => null,
    };

    private static IEnumerable<MapEntry> Entries(JsonElement element)
    {
        foreach (var property in element.EnumerateObject())
            if (Read(property.Value) is { } value)
                yield return new MapEntry(property.Name, 0, value);
    }
}
