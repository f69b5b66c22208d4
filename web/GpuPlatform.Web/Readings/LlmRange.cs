namespace GpuPlatform.Web.Readings;

/// <summary>A range of time up to now that the Models page can show.</summary>
public sealed record LlmRange(string Key, string Label, string Words, TimeSpan? Length)
{
    public static readonly LlmRange Hour = new("1h", "1 h", "in the last hour", TimeSpan.FromHours(1));
    public static readonly LlmRange Today = new("today", "Today", "today", null);
    public static readonly LlmRange Day = new("24h", "24 h", "in the last 24 hours", TimeSpan.FromHours(24));
    public static readonly LlmRange Week = new("7d", "7 d", "in the last 7 days", TimeSpan.FromDays(7));
    public static readonly LlmRange Month = new("30d", "30 d", "in the last 30 days", TimeSpan.FromDays(30));

    public static readonly IReadOnlyList<LlmRange> All = [Hour, Today, Day, Week, Month];

    /// <summary>Today begins at midnight of the reader's zone; in UTC while that is not known.</summary>
    public DateTimeOffset Start(DateTimeOffset now, TimeZoneInfo? zone)
    {
        if (Length is { } length) return now - length;
        var local = TimeZoneInfo.ConvertTime(now, zone ?? TimeZoneInfo.Utc);
        var midnight = local.Date;
        // A zone that changes its clocks at midnight has no such instant: the day begins when the clocks have changed
        while (zone is not null && zone.IsInvalidTime(midnight)) midnight = midnight.AddMinutes(15);
        return new DateTimeOffset(midnight, (zone ?? TimeZoneInfo.Utc).GetUtcOffset(midnight)).ToUniversalTime();
    }
}
