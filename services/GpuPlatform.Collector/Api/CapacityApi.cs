using System.ComponentModel;
using GpuPlatform.Collector.Capacity;
using GpuPlatform.Contracts;
using GpuPlatform.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GpuPlatform.Collector.Api;

/// <summary>Memory of the GPUs, and where something would fit.</summary>
internal static class CapacityApi
{
    private const string Model = "model";
    private const string Vram = "vram";

    public static void MapCapacity(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Capacity, Read)
            .TakesNoQuery().UnderNamesOfThisHost()
            .Describe("capacity", "Memory of each GPU and who has it", "What is free, what would be after unloading models, who has the rest by kind of work, and where it goes.", CapacityExamples.Report);
        routes.MapGet(Routes.Placement, Place)
            .TakesQuery(Model, Vram).UnderNamesOfThisHost().ProducesProblem(StatusCodes.Status404NotFound)
            .Describe("placement", "Where a model, or so much memory, would fit",
                "Now, after unloading models, when others have left, or never; and why. A model's need is what it took when it was last in memory, else an estimate from its size on disk.",
                CapacityExamples.Placement);
    }

    private static Ok<CapacityReport> Read(CapacityLook capacity) => TypedResults.Ok(capacity.Report());

    private static Results<Ok<PlacementReport>, ValidationProblem, ProblemHttpResult> Place(
        [Description("A model, by its name at its server.")] string? model,
        [Description("An amount of memory: bytes, or a number with MiB, GiB, MB or GB.")] string? vram,
        CapacityLook capacity)
    {
        if (model is null == vram is null) return JsonBody.Refuse(Model, $"accepted is either {Model} or {Vram}");
        if (vram is not null)
            return ByteSize.Parse(vram) is { } bytes ? TypedResults.Ok(capacity.Place(bytes)) : JsonBody.Refuse(Vram, $"'{vram}' is not accepted; accepted is {ByteSize.Accepted}");
        return capacity.PlaceModel(model!) is { } report ? TypedResults.Ok(report)
            : TypedResults.Problem($"No server of this host knows the size of a model '{model}'. Known: {(capacity.KnownModels is { Count: > 0 } known ? string.Join(", ", known.Take(50)) : "none")}.",
                statusCode: StatusCodes.Status404NotFound);
    }
}
