using System.Globalization;
using System.Text;
using GpuPlatform.Collector.Processes;

namespace GpuPlatform.Collector.Ollama.Tap;

/// <summary>Makes text of what stands between the quotes of a JSON string. Words that come in every reply cost nothing.</summary>
internal static class Words
{
    private static readonly string[] Known =
    [
        "stop", "length", "tool_calls", "end_turn", "max_tokens", "tool_use", "stop_sequence", "completed", "in_progress", "incomplete", "max_output_tokens",
        "content_filter", "load", "unload",
    ];

    /// <summary>The text, cut to a length. What is no text shows as U+FFFD.</summary>
    public static string ToText(ReadOnlySpan<byte> json, int longestChars = 256)
    {
        foreach (var word in Known)
        {
            if (Ascii.Equals(json, word)) return word;
        }
        var text = json.Contains((byte)'\\') ? Unescape(json) : Encoding.UTF8.GetString(json);
        return ProcessText.First(text, longestChars);
    }

    private static string Unescape(ReadOnlySpan<byte> json)
    {
        var text = new StringBuilder();
        while (json.IndexOf((byte)'\\') is var at and >= 0)
        {
            text.Append(Encoding.UTF8.GetString(json[..at]));
            json = json[(at + 1)..];
            if (json.IsEmpty) return text.ToString();

            var length = json[0] == 'u' ? 5 : 1;
            // Cut within
            if (json.Length < length) return text.ToString();
            text.Append(Unescape(json[0], json[1..length]));
            json = json[length..];
        }
        return text.Append(Encoding.UTF8.GetString(json)).ToString();
    }

    private static char Unescape(byte letter, ReadOnlySpan<byte> digits) => (char)letter switch
    {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'b' => '\b',
        'f' => '\f',
        'u' => ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) ? (char)code : '\uFFFD',
        var other => other,
    };
}
