using GpuPlatform.History.Storage;
using Microsoft.Extensions.Primitives;

namespace GpuPlatform.History.Queries;

/// <summary>What <c>/api/kind-usage</c> was asked for: whole hours that touch the range.</summary>
internal sealed record KindUsageQuery(DateTimeOffset From, DateTimeOffset To, string? NodeId, string? GpuUuid)
{
    public const int MostDays = 31;

    public static (KindUsageQuery? Query, Dictionary<string, string[]> Problems) Parse(
        IEnumerable<KeyValuePair<string, StringValues>> parameters, DateTimeOffset now)
    {
        var fields = new QueryFields(parameters);
        var (from, to) = QueryRange.Read(fields, now, MostDays);
        var query = new KindUsageQuery(Hour(from), Hour(to.AddHours(1).AddTicks(-1)),
            fields.Text(HistoricalRange.Node, TextLimits.NodeId, "the id of a node as in /api/realtime"),
            fields.Text(HistoricalRange.Gpu, TextLimits.GpuUuid, "the UUID of a GPU as in /api/realtime"));
        fields.RefuseOthers();
        return fields.Problems.Count > 0 ? (null, fields.Problems) : (query, fields.Problems);
    }

    private static DateTimeOffset Hour(DateTimeOffset instant) =>
        new(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
}
