using System.Text;

namespace GpuPlatform.Collector.Processes;

/// <summary>Text that a process chose for itself, made safe to show: valid Unicode, no control characters, bounded.</summary>
internal static class ProcessText
{
    public const int MostCharacters = 1024;

    public static string? Clean(ReadOnlySpan<byte> utf8) => utf8.IsEmpty ? null : Clean(Encoding.UTF8.GetString(utf8));

    public static string Clean(string text)
    {
        if (text.Any(char.IsControl))
            text = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        return Cut(text, MostCharacters);
    }

    /// <summary>The text up to a length, and an ellipsis where something is missing.</summary>
    public static string Cut(string text, int length) => text.Length <= length ? text : First(text, length) + "…";

    /// <summary>The text up to a length.</summary>
    // Half a surrogate pair is not valid Unicode and would not survive the wire
    public static string First(string text, int length) => text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
}
