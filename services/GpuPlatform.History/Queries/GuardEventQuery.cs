using GpuPlatform.Contracts;
using GpuPlatform.History.Storage;
using Microsoft.Extensions.Primitives;

namespace GpuPlatform.History.Queries;

/// <summary>What <c>/api/guard-events</c> was asked for.</summary>
internal sealed record GuardEventQuery
{
    public const string HandOver = "hand_over", Limit = "limit", Cursor = "cursor";
    public const int MostEvents = 1000, UsualEvents = 100;

    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset To { get; init; }
    public string? NodeId { get; init; }
    public string? GpuUuid { get; init; }
    public Guid? HandOverId { get; init; }
    public int PageSize { get; init; }

    /// <summary>Where the page before ended: an instant, a node and a GPU. Null on the first page.</summary>
    public PageCursor? After { get; init; }

    public static (GuardEventQuery? Query, Dictionary<string, string[]> Problems) Parse(
        IEnumerable<KeyValuePair<string, StringValues>> parameters, DateTimeOffset now)
    {
        var fields = new QueryFields(parameters);
        var (from, to) = QueryRange.Read(fields, now, QueryRange.MostDays);
        var query = new GuardEventQuery
        {
            From = from,
            To = to,
            NodeId = fields.Text(HistoricalRange.Node, TextLimits.NodeId, "the id of a node as in /api/realtime"),
            GpuUuid = fields.Text(HistoricalRange.Gpu, TextLimits.GpuUuid, "the UUID of a GPU as in /api/realtime"),
            HandOverId = Id(fields),
            PageSize = fields.Whole(Limit, 1, MostEvents, UsualEvents),
        };
        if (fields.Text(Cursor, PageCursor.MostCharacters, "nextCursor of an answer") is { } text)
        {
            if (PageCursor.Parse(text, keyParts: 2) is { } after)
                query = query with { After = after, From = after.From, To = after.To };
            else
                fields.Refuse(Cursor, text, "nextCursor of an answer");
        }

        fields.RefuseOthers();
        return fields.Problems.Count > 0 ? (null, fields.Problems) : (query, fields.Problems);
    }

    public PageCursor CursorAt(GuardChanged last) => new(From, To, last.ChangedAt, [last.NodeId, last.GpuUuid]);

    private static Guid? Id(QueryFields fields)
    {
        const string Expected = "the handOverId of a step, a UUID with hyphens";
        if (fields.Text(HandOver, TextLimits.Version, Expected) is not { } text || string.IsNullOrWhiteSpace(text))
            return null;
        if (Guid.TryParseExact(text, "D", out var id))
            return id;
        fields.Refuse(HandOver, text, Expected);
        return null;
    }
}
