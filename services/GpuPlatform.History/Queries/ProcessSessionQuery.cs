using System.Globalization;
using GpuPlatform.Contracts;
using GpuPlatform.History.Storage;
using Microsoft.Extensions.Primitives;

namespace GpuPlatform.History.Queries;

/// <summary>What <c>/api/process-sessions</c> was asked for.</summary>
internal sealed record ProcessSessionQuery
{
    public const string Kind = "kind", Name = "name", Limit = "limit", Cursor = "cursor";
    public const int MostSessions = 1000, UsualSessions = 100;
    private const int KeyParts = 4;

    public static IReadOnlyList<string> Kinds { get; } = [.. Enum.GetValues<WorkloadKind>().Select(WireName.Of)];

    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset To { get; init; }
    public required DateTimeOffset Now { get; init; }
    public string? NodeId { get; init; }
    public string? GpuUuid { get; init; }
    public string? KindName { get; init; }
    public string? ProcessName { get; init; }
    public int PageSize { get; init; }

    /// <summary>The last process of the page before; null on the first page.</summary>
    public (DateTimeOffset From, string NodeId, int Pid, DateTimeOffset StartedAt, string GpuUuid)? After { get; init; }

    public static (ProcessSessionQuery? Query, Dictionary<string, string[]> Problems) Parse(
        IEnumerable<KeyValuePair<string, StringValues>> parameters, DateTimeOffset now)
    {
        var fields = new QueryFields(parameters);
        var (from, to) = QueryRange.Read(fields, now, QueryRange.MostDays);
        var query = new ProcessSessionQuery
        {
            From = from,
            To = to,
            Now = now,
            NodeId = fields.Text(HistoricalRange.Node, TextLimits.NodeId, "the id of a node as in /api/realtime"),
            GpuUuid = fields.Text(HistoricalRange.Gpu, TextLimits.GpuUuid, "the UUID of a GPU as in /api/realtime"),
            KindName = fields.Word(Kind, null, [.. Kinds]),
            ProcessName = fields.Text(Name, TextLimits.Name, "the short name of a process"),
            PageSize = fields.Whole(Limit, 1, MostSessions, UsualSessions),
        };
        if (fields.Text(Cursor, PageCursor.MostCharacters, "nextCursor of an answer") is { } text)
            query = query.Continue(fields, text);
        fields.RefuseOthers();
        return fields.Problems.Count > 0 ? (null, fields.Problems) : (query, fields.Problems);
    }

    public PageCursor CursorAt(ProcessSession last) => new(From, To, last.From,
        [last.NodeId, last.Pid.ToString(CultureInfo.InvariantCulture), PageCursor.Ticks(last.StartedAt), last.GpuUuid]);

    /// <summary>A page that follows is of the range of the first, however late it is asked for.</summary>
    private ProcessSessionQuery Continue(QueryFields fields, string text)
    {
        if (PageCursor.Parse(text, KeyParts) is { } cursor && PageCursor.Instant(cursor.Key[2]) is { } startedAt
            && int.TryParse(cursor.Key[1], NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
            return this with { From = cursor.From, To = cursor.To, After = (cursor.At, cursor.Key[0], pid, startedAt, cursor.Key[3]) };
        fields.Refuse(Cursor, text, "nextCursor of an answer");
        return this;
    }
}
