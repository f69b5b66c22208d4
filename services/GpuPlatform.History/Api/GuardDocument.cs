using GpuPlatform.History.Queries;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace GpuPlatform.History.Api;

/// <summary>What the parameters about hand-overs and processes accept, which are parsed by hand to name what is wrong with them.</summary>
internal static class GuardDocument
{
    public static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
            parameter.Schema = Schema(parameter.Name) ?? parameter.Schema;
        return Task.CompletedTask;
    }

    private static OpenApiSchema? Schema(string? parameter) => parameter switch
    {
        QueryRange.StartDate or QueryRange.EndDate => new OpenApiSchema { AnyOf = [LlmDocument.Text("date"), LlmDocument.Text("date-time")] },
        GuardEventQuery.HandOver => LlmDocument.Text("uuid"),
        ProcessSessionQuery.Kind => LlmDocument.Words(null, ProcessSessionQuery.Kinds),
        GuardEventQuery.Limit => LlmDocument.Number(JsonSchemaType.Integer, 1, GuardEventQuery.MostEvents, GuardEventQuery.UsualEvents),
        _ => null,
    };
}
