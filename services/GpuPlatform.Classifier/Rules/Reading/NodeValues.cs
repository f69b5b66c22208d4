using System.Globalization;

namespace GpuPlatform.Classifier.Rules.Reading;

/// <summary>Takes values out of nodes; what has another form is a problem that says which form is accepted.</summary>
/// <param name="problems">Where these go.</param>
/// <param name="isTyped">Whether a text is only what was written as one, as in JSON.</param>
internal sealed class NodeValues(Problems problems, bool isTyped)
{
    private const int LongestText = 32_768;

    public Problems Problems => problems;

    public string? Text(Node node, string key)
    {
        if (node is not ScalarNode scalar || isTyped && !scalar.IsText)
            return Refuse<string>(node, key, $"is {Form(node)}; accepted is a text");
        if (!isTyped && !scalar.IsText && scalar.Text is "" or "~" or "null")
            return Refuse<string>(node, key, "has no value; accepted is a text");
        return scalar.Text.Length <= LongestText ? scalar.Text : Refuse<string>(node, key, $"is longer than {LongestText} characters");
    }

    /// <summary>A list of texts.</summary>
    public IReadOnlyList<string> Texts(Node node, string key, int most)
    {
        if (node is not ListNode list)
            return Refuse<string[]>(node, key, $"is {Form(node)}; accepted is a list of texts") ?? [];
        if (list.Items.Count > most)
            return Refuse<string[]>(node, key, $"has {list.Items.Count} entries; accepted are at most {most}") ?? [];
        return [.. list.Items.Select((item, index) => Text(item, $"{key}[{index}]")).OfType<string>()];
    }

    /// <summary>A text, or a list of them.</summary>
    public IReadOnlyList<string> TextOrTexts(Node node, string key, int most)
    {
        if (node is ListNode { Items.Count: 0 })
            problems.Add(node, key, "is an empty list; accepted is a text or a list of texts");
        return node is ListNode ? Texts(node, key, most) : Text(node, key) is { } text ? [text] : [];
    }

    public double? Number(Node node, string key, double least, double most) =>
        node is ScalarNode { IsText: false } scalar && double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most
            ? number
            : Refused(node, key, $"is {Form(node)}; accepted is a number from {Written(least)} to {Written(most)}");

    public bool? Flag(Node node, string key)
    {
        if (node is ScalarNode { IsText: false, Text: "true" or "false" } scalar)
            return scalar.Text == "true";
        problems.Add(node, key, $"is {Form(node)}; accepted are true and false");
        return null;
    }

    /// <summary>One of some words, in whatever case.</summary>
    public T? Word<T>(Node node, string key, IReadOnlyDictionary<string, T> words, IEnumerable<string>? shown = null) where T : struct
    {
        if (node is ScalarNode scalar && (!isTyped || scalar.IsText) && words.TryGetValue(scalar.Text.ToLowerInvariant(), out var value))
            return value;
        problems.Add(node, key, $"is {Form(node)}; accepted are {string.Join(", ", shown ?? words.Keys)}");
        return null;
    }

    /// <summary>The entries whose keys are known; the others are problems.</summary>
    public IEnumerable<MapEntry> Known(Node node, string key, IReadOnlyCollection<string> known)
    {
        if (node is not MapNode map)
        {
            problems.Add(node, key, $"is {Form(node)}; accepted is an object with {string.Join(", ", known)}");
            yield break;
        }
        foreach (var entry in map.Entries)
        {
            if (known.Contains(entry.Key, StringComparer.Ordinal))
                yield return entry;
            else
                problems.Add(entry.Line, Join(key, Shown(entry.Key)), $"unknown; accepted are {string.Join(", ", known)}");
        }
    }

    public static string Join(string key, string below) => key.Length == 0 ? below : $"{key}.{below}";

    public static string Form(Node node) => node switch
    {
        ListNode => "a list",
        MapNode => "an object",
        ScalarNode { IsText: false, Text: "" } => "empty",
        ScalarNode scalar => $"'{Shown(scalar.Text)}'",
        _ => "missing",
    };

    private static string Shown(string text) => text.Length <= 80 ? text : $"{text[..80]}…";

    private static string Written(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);

    private T? Refuse<T>(Node node, string key, string says) where T : class
    {
        problems.Add(node, key, says);
        return null;
    }

    private double? Refused(Node node, string key, string says)
    {
        problems.Add(node, key, says);
        return null;
    }
}
