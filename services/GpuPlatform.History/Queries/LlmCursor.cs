using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace GpuPlatform.History.Queries;

/// <summary>Where a page ended: the range and order it is of, and the last request on it. What arrives meanwhile moves nothing.</summary>
/// <param name="From">Start of the range.</param>
/// <param name="To">End of the range.</param>
/// <param name="Sort">Name of the order.</param>
/// <param name="IsDescending">Its direction.</param>
/// <param name="Value">The value that the last request has in that order, see <see cref="LlmSort"/>.</param>
/// <param name="RequestId">The last request.</param>
internal sealed record LlmCursor(DateTimeOffset From, DateTimeOffset To, string Sort, bool IsDescending, decimal Value, Guid RequestId)
{
    public const int MostCharacters = 300;
    private const int Parts = 6;

    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
        $"{From.UtcTicks}|{To.UtcTicks}|{Sort}|{(IsDescending ? 1 : 0)}|{Value}|{RequestId:N}")));

    /// <summary>Null when it is not one of ours.</summary>
    public static LlmCursor? Parse(string text)
    {
        if (!Base64Url.IsValid(text))
            return null;
        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split('|');
        return parts.Length == Parts && Instant(parts[0]) is { } from && Instant(parts[1]) is { } to && from < to && to - from <= QueryRange.Longest
            && LlmSort.All.Any(sort => sort.Name == parts[2]) && parts[3] is "0" or "1"
            && decimal.TryParse(parts[4], NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && value >= 0 && value <= LlmSort.Most && Guid.TryParseExact(parts[5], "N", out var id)
                ? new LlmCursor(from, to, parts[2], parts[3] == "1", value, id)
                : null;
    }

    private static DateTimeOffset? Instant(string ticks) =>
        long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= DateTimeOffset.MaxValue.UtcTicks
            ? new DateTimeOffset(number, TimeSpan.Zero)
            : null;
}
