using System.ComponentModel;
using GpuPlatform.Contracts;
using GpuPlatform.History.Queries;
using GpuPlatform.History.Questions;
using GpuPlatform.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GpuPlatform.History.Api;

/// <summary>The room on all hosts, asked of their collectors.</summary>
internal static class CapacityApi
{
    public static void MapCapacity(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Capacity, ReadAsync)
            .TakesNoQuery()
            .WithName("capacity")
            .WithSummary("Memory of each GPU of every host and who has it")
            .WithDescription("Asked of the collectors now, each of which has five seconds. A host that does not answer says so.")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        routes.MapGet(Routes.Placement, PlaceAsync)
            .WithName("placement")
            .WithSummary("Which host has room for a model, or for so much memory")
            .WithDescription("Best first: it is there, now, after unloading models, when others have left, never; and why. A model's need is what it took when it was last in memory, "
                + "else an estimate from its size on disk, at a host that has it.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<Results<Ok<RackCapacity>, ProblemHttpResult>> ReadAsync(RackRoom room, CancellationToken cancellation)
    {
        var (capacity, problem) = await room.CapacityAsync(cancellation);
        return problem is null ? TypedResults.Ok(capacity) : TypedResults.Problem(problem, statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    // The parameters are here for the API document; what is misspelt is found only in the query itself.
    private static async Task<Results<Ok<RackPlacement>, ValidationProblem, ProblemHttpResult>> PlaceAsync(
        HttpContext http, RackRoom room, [Description("A model, by its name at its server.")] string? model,
        [Description("An amount of memory: bytes, or a number with MiB, GiB, MB or GB.")] string? vram, CancellationToken cancellation)
    {
        _ = (model, vram);
        var (wanted, problems) = PlacementQuery.Parse(http.Request.Query);
        if (wanted is null)
            return TypedResults.ValidationProblem(problems);
        var (placement, problem) = await room.PlaceAsync(wanted, cancellation);
        if (problem is not null)
            return TypedResults.Problem(problem, statusCode: StatusCodes.Status503ServiceUnavailable);
        return placement is not null ? TypedResults.Ok(placement)
            : TypedResults.Problem($"No host knows the size of a model '{wanted.Model}'. Known: {(room.KnownModels is { Count: > 0 } known ? string.Join(", ", known) : "none")}.",
                statusCode: StatusCodes.Status404NotFound);
    }
}
