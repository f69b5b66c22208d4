using System.Buffers.Text;

namespace GpuPlatform.Collector.Ollama.Models;

/// <summary>Reads single values out of a page in Prometheus' text format. What is not understood is passed over.</summary>
internal static class PrometheusText
{
    /// <summary>Every value of the metrics that are wanted, in the order of the page: a metric may have a series for each of several engines.</summary>
    public static IEnumerable<(string Name, double Value)> Read(ReadOnlyMemory<byte> page, IReadOnlySet<string> wanted)
    {
        var rest = page;
        while (!rest.IsEmpty)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (TryRead(line.Span, wanted, out var name, out var value)) yield return (name, value);
        }
    }

    private static bool TryRead(ReadOnlySpan<byte> line, IReadOnlySet<string> wanted, out string name, out double value)
    {
        (name, value) = ("", 0);
        line = line.Trim(" \t\r"u8);
        if (line.IsEmpty || line[0] == '#') return false;
        var length = line.IndexOfAny((byte)'{', (byte)' ', (byte)'\t');
        if (length <= 0) return false;
        var found = line[..length];
        if (Find(found, wanted) is not { } known) return false;
        // Label values may hold every character, a closing brace too, but no brace stands behind the labels
        var rest = line[length] == '{' ? line[(line.LastIndexOf((byte)'}') + 1)..] : line[length..];
        rest = rest.TrimStart(" \t"u8);
        name = known;
        return Utf8Parser.TryParse(rest, out value, out var used) && (used == rest.Length || rest[used] is (byte)' ' or (byte)'\t') && double.IsFinite(value);
    }

    private static string? Find(ReadOnlySpan<byte> found, IReadOnlySet<string> wanted)
    {
        foreach (var name in wanted)
            if (name.Length == found.Length && System.Text.Ascii.Equals(found, name)) return name;
        return null;
    }
}
