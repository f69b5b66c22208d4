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
        return text.Length <= MostCharacters ? text : $"{text.AsSpan(0, CutAt(text))}…";
    }

    // Half a surrogate pair is not valid Unicode and would not survive the wire
    private static int CutAt(string text) => char.IsHighSurrogate(text[MostCharacters - 1]) ? MostCharacters - 1 : MostCharacters;
}
