namespace GpuPlatform.History.Queries;

/// <summary>The range of time that most questions have.</summary>
internal static class QueryRange
{
    public const string StartDate = "start_date", EndDate = "end_date";
    public const int MostDays = 366;
    public static readonly TimeSpan Longest = TimeSpan.FromDays(MostDays);
    private static readonly TimeSpan Otherwise = TimeSpan.FromDays(1);

    /// <summary>From is included, To is not; the last 24 hours when neither is given.</summary>
    public static (DateTimeOffset From, DateTimeOffset To) Read(QueryFields fields, DateTimeOffset now, int mostDays)
    {
        var start = fields.Instant(StartDate, isEnd: false);
        var end = fields.Instant(EndDate, isEnd: true);
        var to = end ?? (start is { } known && known >= now ? known + Otherwise : now);
        var from = start ?? to - Otherwise;
        if (from >= to)
            fields.Refuse(StartDate, $"{from:O}", $"an instant before {EndDate}, which is {to:O}");
        else if (to - from > TimeSpan.FromDays(mostDays))
            fields.Refuse(StartDate, $"{from:O}", $"at most {mostDays} days before {EndDate}, which is {to:O}");
        return (from, to);
    }
}
