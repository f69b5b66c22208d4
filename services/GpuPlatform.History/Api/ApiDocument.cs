using GpuPlatform.History.Queries;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace GpuPlatform.History.Api;

/// <summary>The OpenAPI document.</summary>
internal static class ApiDocument
{
    public const string Path = "/openapi/v1.json";

    public static void Describe(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "GpuPlatform History",
                Version = "v1",
                Description = "What the GPUs of all hosts do now and did before. A reading that the driver did not give is null; 0 means that it said 0.",
            };
            return Task.CompletedTask;
        });
    }

    /// <summary>Says that a parameter, which is parsed by hand to name what is wrong with it, is a number.</summary>
    public static Task DescribeHours(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>().Where(parameter => parameter.Name == HistoricalRange.Hours) ?? [])
        {
            parameter.Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.Number,
                ExclusiveMinimum = "0",
                Maximum = HistoricalRange.MostHours.ToString(System.Globalization.CultureInfo.InvariantCulture),
                Default = 1,
            };
        }

        return Task.CompletedTask;
    }
}
