using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace GpuPlatform.Classifier.Api;

/// <summary>Says in the OpenAPI document that one descriptor or an array of them is taken, and answered likewise.</summary>
internal static class ClassifyDocument
{
    private const string Descriptor = """
        {
          "name": "blender", "exe": "/usr/bin/blender", "cmdline": ["blender", "-b", "scene.blend", "-f", "1"], "context": "compute", "gpuMemoryBytes": 4294967296,
          "smPercent": 97, "ancestors": ["bash", "konsole"], "os": "linux"
        }
        """;

    private const string Verdict = """
        {
          "kind": "rendering", "confidence": 0.97, "rules": [
            { "name": "rendering/blender-job", "kind": "rendering", "confidence": 0.97, "reason": "Blender renders without a window: the program is 'blender', its arguments hold '-b'" },
            { "name": "rendering/blender", "kind": "rendering", "confidence": 0.87, "reason": "Blender's window: the program is 'blender'" }
          ]
        }
        """;

    public static RouteHandlerBuilder DescribeClassify(this RouteHandlerBuilder route, int mostProcesses) => route.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        OneOrSeveral(operation.RequestBody?.Content, Descriptor, mostProcesses);
        OneOrSeveral(operation.Responses?.GetValueOrDefault("200")?.Content, Verdict, mostProcesses);
        return Task.CompletedTask;
    });

    private static void OneOrSeveral(IDictionary<string, OpenApiMediaType>? content, string example, int most)
    {
        foreach (var media in content?.Values ?? [])
        {
            if (media.Schema is not { } one)
                continue;
            media.Schema = new OpenApiSchema { OneOf = [one, new OpenApiSchema { Type = JsonSchemaType.Array, Items = one, MaxItems = most }] };
            media.Examples = new Dictionary<string, IOpenApiExample>(StringComparer.Ordinal)
            {
                ["one"] = new OpenApiExample { Value = JsonNode.Parse(example) },
                ["several"] = new OpenApiExample { Value = new JsonArray(JsonNode.Parse(example)) },
            };
        }
    }
}
