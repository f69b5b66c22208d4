using System.Text.Json;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Collector.Api;

public sealed class ApiDocumentTests
{
    private static readonly string[] Paths =
        ["/", Routes.GpuDevices, Routes.GpuDriver, Routes.GpuSummary, Routes.GpuMetrics, Routes.GpuProcesses, Routes.GameMode, Routes.Health,
        Routes.LlmRequests, Routes.LlmRequests + "/{id}", Routes.LlmInFlight, Routes.LlmInFlight + "/{id}", Routes.LlmModels, Routes.Guard, Routes.GuardYield, Routes.GuardResume,
        Routes.Capacity, Routes.Placement];

    [Fact]
    public async Task The_document_lists_every_route_with_an_example_of_what_it_answers()
    {
        await using var host = await CollectorHost.StartAsync();
        var paths = (await host.JsonAsync("/openapi/v1.json")).GetProperty("paths");
        Assert.Equal(Paths.Order(StringComparer.Ordinal), paths.EnumerateObject().Select(path => path.Name).Order(StringComparer.Ordinal));
        foreach (var path in paths.EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                Assert.NotEqual("", operation.Value.GetProperty("summary").GetString());
                if (operation.Name == "delete") continue;
                var example = Example(operation.Value.GetProperty("responses").GetProperty("200"));
                if (operation.Name != "get")
                    Assert.Equal(JsonValueKind.Object, Example(operation.Value.GetProperty("requestBody")).ValueKind);
                else if (path.Name != Routes.Health && path.Name != Routes.GameMode && path.Name != Routes.Placement && !path.Name.Contains('{', StringComparison.Ordinal))
                    Assert.Equal(Shape(await host.JsonAsync(path.Name)), Shape(example));
            }
        }
    }

    [Fact]
    public async Task The_document_says_that_fresh_is_true_or_false()
    {
        await using var host = await CollectorHost.StartAsync();
        var get = (await host.JsonAsync("/openapi/v1.json")).GetProperty("paths").GetProperty(Routes.GpuDevices).GetProperty("get");
        var parameter = Assert.Single(get.GetProperty("parameters").EnumerateArray());
        Assert.Equal(("fresh", "boolean"), (parameter.GetProperty("name").GetString(), parameter.GetProperty("schema").GetProperty("type").GetString()));
    }

    private static JsonElement Example(JsonElement body) => body.GetProperty("content").GetProperty("application/json").GetProperty("example");

    private static IEnumerable<string> Shape(JsonElement answer) => answer.EnumerateObject().Select(property => property.Name);
}
