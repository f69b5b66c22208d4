using System.Globalization;
using System.Text.Json.Nodes;
using GpuPlatform.History.Queries;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace GpuPlatform.History.Api;

/// <summary>What the parameters about requests accept, which are parsed by hand to name what is wrong with them.</summary>
internal static class LlmDocument
{
    public static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
            parameter.Schema = Schema(parameter.Name) ?? parameter.Schema;
        return Task.CompletedTask;
    }

    private static OpenApiSchema? Schema(string? parameter) => parameter switch
    {
        QueryRange.StartDate or QueryRange.EndDate => new OpenApiSchema { AnyOf = [Text("date"), Text("date-time")] },
        LlmSessionQuery.Outcome => Words(null, LlmSessionQuery.Outcomes),
        LlmSessionQuery.Sort => Words(LlmSort.All[0].Name, LlmSort.All.Select(sort => sort.Name)),
        LlmSessionQuery.Order => Words(LlmSessionQuery.Descending, [LlmSessionQuery.Descending, LlmSessionQuery.Ascending]),
        LlmSessionQuery.MinDuration => Number(JsonSchemaType.Number, 0, LlmSessionQuery.MostDurationMs, 0),
        LlmSessionQuery.Limit => Number(JsonSchemaType.Integer, 1, LlmSessionQuery.MostSessions, LlmSessionQuery.UsualSessions),
        _ => null,
    };

    internal static OpenApiSchema Text(string format) => new() { Type = JsonSchemaType.String, Format = format };

    internal static OpenApiSchema Words(string? otherwise, IEnumerable<string> words) =>
        new() { Type = JsonSchemaType.String, Enum = [.. words.Select(word => (JsonNode)word)], Default = otherwise };

    internal static OpenApiSchema Number(JsonSchemaType type, int least, double most, int otherwise) => new()
    {
        Type = type,
        Minimum = least.ToString(CultureInfo.InvariantCulture),
        Maximum = most.ToString("F0", CultureInfo.InvariantCulture),
        Default = otherwise,
    };
}
