using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace GpuPlatform.Tests.Doubles.Ollama;

/// <summary>What happens to a field without a value.</summary>
internal enum Empty
{
    Kept,
    Omitted,
}

/// <summary>The fields of a JSON object, in the order in which they are written.</summary>
internal sealed class Fields : IEnumerable<(string Name, object? Value)>
{
    private readonly List<(string Name, object? Value)> _fields = [];

    public void Add(string name, object? value, Empty empty = Empty.Kept)
    {
        if (empty == Empty.Omitted && value is null or 0 or 0L or "" or false or ICollection { Count: 0 }) return;
        _fields.Add((name, value));
    }

    public void AddRange(IEnumerable<(string Name, object? Value)> fields) => _fields.AddRange(fields);

    /// <summary>The order of a Go map.</summary>
    public Fields Sorted()
    {
        _fields.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));
        return this;
    }

    public IEnumerator<(string Name, object? Value)> GetEnumerator() => _fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>JSON and timestamps as Go's standard library writes them, byte for byte.</summary>
internal static class GoJson
{
    private static readonly SearchValues<char> Special =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(code => (char)code), '"', '\\', '<', '>', '&', '\u2028', '\u2029']);

    public static byte[] Bytes(object? value) => Encoding.UTF8.GetBytes(Text(value));

    public static string Text(object? value)
    {
        var text = new StringBuilder();
        Write(text, value);
        return text.ToString();
    }

    /// <summary>time.RFC3339Nano, as far as this clock counts.</summary>
    public static string Time(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    private static void Write(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null: text.Append("null"); break;
            case string words: WriteString(text, words); break;
            case bool truth: text.Append(truth ? "true" : "false"); break;
            case DateTimeOffset instant: WriteString(text, Time(instant)); break;
            case JsonElement element: text.Append(element.GetRawText()); break;
            case Fields fields: WriteObject(text, fields); break;
            case IEnumerable items: WriteArray(text, items); break;
            case IFormattable number: text.Append(number.ToString(null, CultureInfo.InvariantCulture)); break;
            default: throw new ArgumentException($"no JSON for {value.GetType()}", nameof(value));
        }
    }

    private static void WriteObject(StringBuilder text, Fields fields)
    {
        var separator = '{';
        foreach (var (name, value) in fields)
        {
            text.Append(separator);
            WriteString(text, name);
            text.Append(':');
            Write(text, value);
            separator = ',';
        }
        text.Append(separator == '{' ? "{}" : "}");
    }

    private static void WriteArray(StringBuilder text, IEnumerable items)
    {
        var separator = '[';
        foreach (var item in items)
        {
            text.Append(separator);
            Write(text, item);
            separator = ',';
        }
        text.Append(separator == '[' ? "[]" : "]");
    }

    private static void WriteString(StringBuilder text, string words)
    {
        text.Append('"');
        var rest = words.AsSpan();
        while (rest.IndexOfAny(Special) is var at and >= 0)
        {
            text.Append(rest[..at]);
            Escape(text, rest[at]);
            rest = rest[(at + 1)..];
        }
        text.Append(rest).Append('"');
    }

    private static void Escape(StringBuilder text, char special) => _ = special switch
    {
        '"' => text.Append("\\\""),
        '\\' => text.Append(@"\\"),
        '\n' => text.Append("\\n"),
        '\r' => text.Append("\\r"),
        '\t' => text.Append("\\t"),
        '\b' => text.Append("\\b"),
        '\f' => text.Append("\\f"),
        _ => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)special:x4}"),
    };
}
