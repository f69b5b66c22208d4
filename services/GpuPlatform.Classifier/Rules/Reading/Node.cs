namespace GpuPlatform.Classifier.Rules.Reading;

/// <summary>A piece of a document, whatever it was written in, and the line it stands in (0: it has none).</summary>
internal abstract record Node(int Line);

/// <summary>A text or number. <paramref name="IsText"/>: it was written as a text, in quotation marks.</summary>
internal sealed record ScalarNode(int Line, string Text, bool IsText) : Node(Line);

/// <summary>A list.</summary>
internal sealed record ListNode(int Line, IReadOnlyList<Node> Items) : Node(Line);

/// <summary>Keys and their values, each key once.</summary>
internal sealed record MapNode(int Line, IReadOnlyList<MapEntry> Entries) : Node(Line)
{
    public Node? this[string key] => Entries.FirstOrDefault(entry => entry.Key == key)?.Value;
}

/// <summary>A key and its value.</summary>
internal sealed record MapEntry(string Key, int Line, Node Value);
