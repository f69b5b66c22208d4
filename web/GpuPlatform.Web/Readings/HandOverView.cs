using GpuPlatform.Web.Feed;

namespace GpuPlatform.Web.Readings;

/// <summary>What the page of hand-overs shows. Lives in the query of its address; anything unreadable there is left out.</summary>
public sealed record HandOverView
{
    public const string Path = "/hand-overs";
    private const int LongestValue = 256;

    public static readonly IReadOnlyList<LlmRange> Ranges = [LlmRange.Day, LlmRange.Week, LlmRange.Month];

    public LlmRange Range { get; init; } = LlmRange.Day;
    public string? Node { get; init; }

    public static HandOverView Parse(string? range, string? node) => new()
    {
        Range = Ranges.FirstOrDefault(each => each.Key == range) ?? LlmRange.Day,
        Node = string.IsNullOrWhiteSpace(node) || node.Length > LongestValue ? null : node,
    };

    /// <summary>The address of this view; what is as usual is left out.</summary>
    public string ToAddress()
    {
        (string Name, string? Value)[] parts = [("range", Range == LlmRange.Day ? null : Range.Key), ("node", Node)];
        var query = string.Join('&', parts.Where(part => part.Value is not null).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}"));
        return query.Length == 0 ? Path : $"{Path}?{query}";
    }

    /// <summary>The question to History as of now. The end is not included, and History is asked in whole seconds.</summary>
    public LlmQuestion At(DateTimeOffset now)
    {
        var end = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero).AddSeconds(1);
        return new LlmQuestion(Range.Start(end, TimeZoneInfo.Utc), end, Node);
    }
}
