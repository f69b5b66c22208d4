using System.ComponentModel;
using GpuPlatform.Contracts;
using GpuPlatform.History.Queries;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GpuPlatform.History.Api;

/// <summary>A range of time.</summary>
internal static class HistoricalApi
{
    public static void MapHistorical(this IEndpointRouteBuilder routes) => routes.MapGet(Routes.Historical, ReadAsync)
        .WithName("historical")
        .WithSummary("Readings of the last hours, averaged over equal steps")
        .WithDescription("At most about 600 points per series. Short ranges give the readings themselves. "
            + "Two points further apart than stepSeconds have a gap between them.")
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
        .AddOpenApiOperationTransformer(ApiDocument.DescribeHours);

    private static async Task<Results<Ok<HistoricalSeries>, ValidationProblem>> ReadAsync(
        HttpContext http, HistoricalStore store,
        [Description("Length of the range up to now, in hours: more than 0, at most 744. Default 1.")] string? hours,
        [Description("Only this node.")] string? node,
        [Description("Only this GPU, by UUID; no host series then.")] string? gpu,
        [Description("true: also clocks, fans, throttling, encoder and decoder, and the energy used. Default false.")] string? details,
        CancellationToken cancellation)
    {
        // The four parameters are here for the API document; a misspelt fifth is found only in the query itself.
        _ = (hours, node, gpu, details);
        var (range, problems) = HistoricalRange.Parse(http.Request.Query);
        return range is null ? TypedResults.ValidationProblem(problems) : TypedResults.Ok(await store.ReadAsync(range, cancellation));
    }
}
