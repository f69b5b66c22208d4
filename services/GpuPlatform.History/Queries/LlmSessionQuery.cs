using GpuPlatform.Contracts;
using GpuPlatform.History.Storage;
using Microsoft.Extensions.Primitives;

namespace GpuPlatform.History.Queries;

/// <summary>What <c>/api/llm-sessions</c> was asked for.</summary>
internal sealed record LlmSessionQuery
{
    public const string Server = "server", Outcome = "outcome", Endpoint = "endpoint", MinDuration = "min_duration_ms", Sort = "sort",
        Order = "order", Limit = "limit", Cursor = "cursor";

    public const string Descending = "desc", Ascending = "asc";
    public const int MostSessions = 1000, UsualSessions = 100;

    public const double MostDurationMs = 1e10;

    public static IReadOnlyList<string> Outcomes { get; } = [.. Enum.GetValues<LlmOutcome>().Select(WireName.Of)];

    public required LlmFilter Filter { get; init; }
    public string? ServerName { get; init; }
    public string? OutcomeName { get; init; }
    public string? EndpointPath { get; init; }
    public double? MinDurationMs { get; init; }
    public required LlmSort SortBy { get; init; }
    public bool IsDescending { get; init; }
    public int PageSize { get; init; }

    /// <summary>The last request of the page before; null on the first page.</summary>
    public LlmCursor? After { get; init; }

    public static (LlmSessionQuery? Query, Dictionary<string, string[]> Problems) Parse(
        IEnumerable<KeyValuePair<string, StringValues>> parameters, DateTimeOffset now)
    {
        var fields = new QueryFields(parameters);
        var query = new LlmSessionQuery
        {
            Filter = LlmFilter.Read(fields, now),
            ServerName = fields.Text(Server, TextLimits.Name, "the name of a model server in a collector's configuration"),
            OutcomeName = fields.Word(Outcome, null, [.. Outcomes]),
            EndpointPath = fields.Text(Endpoint, TextLimits.Name, "a path such as /api/chat"),
            MinDurationMs = fields.Number(MinDuration, MostDurationMs),
            SortBy = LlmSort.Named(fields.Word(Sort, LlmSort.All[0].Name, [.. LlmSort.All.Select(sort => sort.Name)])),
            IsDescending = fields.Word(Order, Descending, Descending, Ascending) == Descending,
            PageSize = fields.Whole(Limit, 1, MostSessions, UsualSessions),
        };
        if (fields.Text(Cursor, LlmCursor.MostCharacters, "nextCursor of an answer") is { } text)
            query = query.Continue(fields, text);
        fields.RefuseOthers();
        return fields.Problems.Count > 0 ? (null, fields.Problems) : (query, fields.Problems);
    }

    /// <summary>A page that follows is of the range of the first, however late it is asked for.</summary>
    private LlmSessionQuery Continue(QueryFields fields, string text)
    {
        if (LlmCursor.Parse(text) is not { } after)
            fields.Refuse(Cursor, text, "nextCursor of an answer");
        else if (after.Sort != SortBy.Name || after.IsDescending != IsDescending)
            fields.Refuse(Cursor, text, $"it continues {Sort}={after.Sort}&{Order}={(after.IsDescending ? Descending : Ascending)}, and these must be given again");
        else
            return this with { After = after, Filter = Filter with { From = after.From, To = after.To } };
        return this;
    }
}
