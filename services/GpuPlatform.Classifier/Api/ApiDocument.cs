using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace GpuPlatform.Classifier.Api;

/// <summary>The OpenAPI document.</summary>
internal static class ApiDocument
{
    public const string Path = "/openapi/v1.json";

    public static void Describe(OpenApiOptions options) => options.AddDocumentTransformer((document, _, _) =>
    {
        document.Info = new OpenApiInfo
        {
            Title = "GpuPlatform Classifier",
            Version = "v1",
            Description = "What kind of work a process does on a GPU, and which rules say so. What the evidence cannot tell is general.",
        };
        return Task.CompletedTask;
    });
}
