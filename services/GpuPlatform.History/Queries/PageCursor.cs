using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace GpuPlatform.History.Queries;

/// <summary>Where a page ended: its range, and the instant and key of its last row. What arrives meanwhile moves nothing.</summary>
internal sealed record PageCursor(DateTimeOffset From, DateTimeOffset To, DateTimeOffset At, IReadOnlyList<string> Key)
{
    public const int MostCharacters = 1000;
    private const int Instants = 3;

    /// <summary>No part of a key has one: identities with control characters are refused where they come in.</summary>
    private const char Separator = '\n';

    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Join(Separator,
        Key.Prepend(Ticks(At)).Prepend(Ticks(To)).Prepend(Ticks(From)))));

    /// <summary>Null when it is not one of ours, or of another question.</summary>
    public static PageCursor? Parse(string text, int keyParts)
    {
        if (!Base64Url.IsValid(text))
            return null;
        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split(Separator);
        return parts.Length == Instants + keyParts && Instant(parts[0]) is { } from && Instant(parts[1]) is { } to && Instant(parts[2]) is { } at
            && from < to && to - from <= QueryRange.Longest && !parts.Any(part => part.Any(char.IsControl))
                ? new PageCursor(from, to, at, parts[Instants..])
                : null;
    }

    public static string Ticks(DateTimeOffset instant) => instant.UtcTicks.ToString(CultureInfo.InvariantCulture);

    public static DateTimeOffset? Instant(string ticks) =>
        long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= DateTimeOffset.MaxValue.UtcTicks
            ? new DateTimeOffset(number, TimeSpan.Zero)
            : null;
}
