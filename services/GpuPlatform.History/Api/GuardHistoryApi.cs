using System.ComponentModel;
using GpuPlatform.Contracts;
using GpuPlatform.History.Queries;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace GpuPlatform.History.Api;

/// <summary>Hand-overs of GPUs.</summary>
internal static class GuardHistoryApi
{
    public static void MapGuard(this IEndpointRouteBuilder routes) => routes.MapGet(Routes.GuardEvents, ReadAsync)
        .WithName("guard-events")
        .WithSummary("Steps of handing GPUs over, page by page")
        .WithDescription("Newest first. The steps of one hand-over have the same handOverId; ?hand_over= with a range that holds it gives the whole story.")
        .DescribeQuery();

    // The parameters are here for the API document; what is misspelt is found only in the query itself.
    private static async Task<Results<Ok<GuardEventPage>, ValidationProblem>> ReadAsync(
        HttpContext http, GuardEventStore store, TimeProvider time,
        [Description(QueryDocument.Start), FromQuery(Name = QueryRange.StartDate)] string? startDate,
        [Description(QueryDocument.End), FromQuery(Name = QueryRange.EndDate)] string? endDate,
        [Description(QueryDocument.OneNode)] string? node, [Description(QueryDocument.OneGpu)] string? gpu,
        [Description("Only this hand-over, by its handOverId."), FromQuery(Name = GuardEventQuery.HandOver)] string? handOver,
        [Description("Steps on a page: 1 to 1000. Default 100.")] string? limit,
        [Description("nextCursor of the page before, with the same filters.")] string? cursor, CancellationToken cancellation)
    {
        _ = (startDate, endDate, node, gpu, handOver, limit, cursor);
        var (query, problems) = GuardEventQuery.Parse(http.Request.Query, time.GetUtcNow());
        return query is null ? TypedResults.ValidationProblem(problems) : TypedResults.Ok(await store.ReadAsync(query, cancellation));
    }
}
