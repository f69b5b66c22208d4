using System.Globalization;
using System.Text;

namespace GpuPlatform.ServiceDefaults.Prometheus;

/// <summary>The tags of a measurement as the text between the braces of a sample. The same set of tags always gives the same text.</summary>
internal static class LabelText
{
    public static string Of(ReadOnlySpan<KeyValuePair<string, object?>> tags, string? scope)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (scope is not null) labels["otel_scope_name"] = scope;
        var ordered = tags.ToArray();
        Array.Sort(ordered, static (left, right) => string.CompareOrdinal(left.Key, right.Key));
        foreach (var (key, value) in ordered)
        {
            var text = Text(value);
            if (text.Length == 0) continue;
            var name = MetricName.Label(key);
            // The format keeps these two for the parts of histograms and summaries.
            if (name is "le" or "quantile") name = "exported_" + name;
            // Keys that become the same name share it, values in the order of the keys.
            labels[name] = labels.TryGetValue(name, out var others) ? $"{others};{text}" : text;
        }

        return Join(labels);
    }

    private static string Join(SortedDictionary<string, string> labels)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in labels)
        {
            if (text.Length > 0) text.Append(',');
            text.Append(name).Append("=\"").Append(Escape(value)).Append('"');
        }

        return text.ToString();
    }

    public static string Escape(string value) => EscapeHelp(value).Replace("\"", "\\\"", StringComparison.Ordinal);

    public static string EscapeHelp(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
