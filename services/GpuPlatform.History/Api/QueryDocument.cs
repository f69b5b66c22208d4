using System.Globalization;
using System.Text.Json.Nodes;
using GpuPlatform.History.Queries;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace GpuPlatform.History.Api;

/// <summary>What the parameters of questions accept, which are parsed by hand to name what is wrong with them.</summary>
internal static class QueryDocument
{
    public const string Start = "First day (UTC) or instant of the range, ISO 8601. Default: 24 hours before its end.";
    public const string End = "Last day (UTC, included) or instant (not included) of the range. Default: now.";
    public const string OneNode = "Only this node.";
    public const string OneGpu = "Only this GPU, by UUID.";

    /// <summary>Says of a question what its parameters accept, and that the database may be away.</summary>
    public static RouteHandlerBuilder DescribeQuery(this RouteHandlerBuilder route) =>
        route.ProducesProblem(StatusCodes.Status503ServiceUnavailable).AddOpenApiOperationTransformer(Describe);

    private static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
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
        GuardEventQuery.HandOver => Text("uuid"),
        ProcessSessionQuery.Kind => Words(null, ProcessSessionQuery.Kinds),
        _ => null,
    };

    private static OpenApiSchema Text(string format) => new() { Type = JsonSchemaType.String, Format = format };

    private static OpenApiSchema Words(string? otherwise, IEnumerable<string> words) =>
        new() { Type = JsonSchemaType.String, Enum = [.. words.Select(word => (JsonNode)word)], Default = otherwise };

    private static OpenApiSchema Number(JsonSchemaType type, int least, double most, int otherwise) => new()
    {
        Type = type,
        Minimum = least.ToString(CultureInfo.InvariantCulture),
        Maximum = most.ToString("F0", CultureInfo.InvariantCulture),
        Default = otherwise,
    };
}
