using System.Diagnostics.CodeAnalysis;

namespace GpuPlatform.History.Ingest;

/// <summary>Text that PostgreSQL can store: no NUL, no half surrogate pair.</summary>
internal static class Text
{
    private const char Replacement = '\uFFFD';

    /// <summary>The text itself when it is storable, else a copy with every impossible character replaced.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Clean(string? text)
    {
        if (text is null || IsClean(text))
            return text;
        return string.Create(text.Length, text, static (target, source) =>
        {
            for (var i = 0; i < source.Length; i++)
            {
                if (i + 1 < source.Length && char.IsSurrogatePair(source[i], source[i + 1]))
                {
                    target[i] = source[i];
                    target[++i] = source[i];
                }
                else
                {
                    target[i] = source[i] == '\0' || char.IsSurrogate(source[i]) ? Replacement : source[i];
                }
            }
        });
    }

    public static string[]? Clean(IReadOnlyList<string>? texts) => texts is null ? null : [.. texts.Select(text => Clean(text))];

    private static bool IsClean(string text) => text.AsSpan().IndexOf('\0') < 0 && text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0;
}
