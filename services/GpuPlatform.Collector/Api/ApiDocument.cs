using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
#if NET10_0_OR_GREATER
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
#endif

namespace GpuPlatform.Collector.Api;

/// <summary>
/// The OpenAPI document. Its examples are written by the code that writes the answers, so they cannot say what the answers do not. The library that
/// makes it is for .NET 10: the collector as native code for .NET 9 is without the document.
/// </summary>
internal static class ApiDocument
{
#if NET10_0_OR_GREATER
    /// <summary>Where it is.</summary>
    public static IReadOnlyList<string> Paths { get; } = ["/openapi/v1.json"];

    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi(Describe);

    public static void MapApiDocument(this IEndpointRouteBuilder routes) => routes.MapOpenApi(Paths[0]);
#else
    public static IReadOnlyList<string> Paths { get; } = [];

    public static void AddApiDocument(this IServiceCollection services) => _ = services;

    public static void MapApiDocument(this IEndpointRouteBuilder routes) => _ = routes;
#endif

    /// <summary>Names a route and gives its answer an example.</summary>
    public static RouteHandlerBuilder Describe<T>(this RouteHandlerBuilder route, string name, string summary, string description, ApiExample<T> example) => route
        .WithName(name)
        .WithSummary(summary)
        .WithDescription(description)
        .Produces<T>()
#if NET10_0_OR_GREATER
        .AddOpenApiOperationTransformer((operation, _, _) =>
        {
            AddExample(operation.Responses?.GetValueOrDefault("200")?.Content, example.ToJson());
            if (example.Request is not null)
                AddExample(operation.RequestBody?.Content, JsonNode.Parse(example.Request));
            DescribeFresh(operation);
            return Task.CompletedTask;
        });

    private static void Describe(OpenApiOptions options) => options.AddDocumentTransformer((document, _, _) =>
    {
        document.Info = new OpenApiInfo
        {
            Title = "GpuPlatform Collector",
            Version = "v1",
            Description = "What the GPUs of this host do now. A reading that the driver did not give is null; 0 means that it said 0. "
                + "Answers are made from the last sample and say its age; ?fresh=true reads anew.",
        };
        return Task.CompletedTask;
    });

    private static void AddExample(IDictionary<string, OpenApiMediaType>? content, JsonNode? example)
    {
        foreach (var media in content?.Values ?? [])
            media.Example = example;
    }

    // It is a text to the router because only so its refusal can name what is accepted
    private static void DescribeFresh(OpenApiOperation operation)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>().Where(parameter => parameter.Name == QueryGuard.Fresh) ?? [])
        {
            parameter.Description = "true: read the GPUs now, once for all who ask at the same time. A sleeping GPU is left asleep.";
            parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.Boolean, Default = JsonValue.Create(false) };
        }
    }
#else
        .WithMetadata(example);
#endif
}

/// <summary>An answer as it might be, and for calls that take a body that body.</summary>
internal sealed record ApiExample<T>(T Answer, JsonTypeInfo<T> Type)
{
    public string? Request { get; init; }

    public JsonNode? ToJson() => System.Text.Json.JsonSerializer.SerializeToNode(Answer, Type);
}
