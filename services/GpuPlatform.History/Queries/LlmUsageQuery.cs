using Microsoft.Extensions.Primitives;

namespace GpuPlatform.History.Queries;

/// <summary>What <c>/api/llm-usage</c> was asked for.</summary>
internal static class LlmUsageQuery
{
    public static (LlmFilter? Filter, Dictionary<string, string[]> Problems) Parse(
        IEnumerable<KeyValuePair<string, StringValues>> parameters, DateTimeOffset now)
    {
        var fields = new QueryFields(parameters);
        var filter = LlmFilter.Read(fields, now);
        fields.RefuseOthers();
        return fields.Problems.Count > 0 ? (null, fields.Problems) : (filter, fields.Problems);
    }
}
