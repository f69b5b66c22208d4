using System.ComponentModel;
using GpuPlatform.Contracts;
using GpuPlatform.History.Queries;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace GpuPlatform.History.Api;

/// <summary>Processes on GPUs and the kinds of work they did.</summary>
internal static class ProcessHistoryApi
{
    public static void MapProcesses(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.ProcessSessions, ReadSessionsAsync)
            .WithName("process-sessions")
            .WithSummary("Processes on GPUs with kind, memory, time and energy, page by page")
            .WithDescription("Those that were there at any time of the range, last come first. Figures are of the whole process, not of the range.")
            .DescribeQuery();
        routes.MapGet(Routes.KindUsage, ReadUsageAsync)
            .WithName("kind-usage")
            .WithSummary("Use of GPUs by kind of work and hour")
            .WithDescription("At most 31 days, in whole hours of UTC. An hour in which a kind was not there has no entry.")
            .DescribeQuery();
    }

    // The parameters are here for the API document; what is misspelt is found only in the query itself.
    private static async Task<Results<Ok<ProcessSessionPage>, ValidationProblem>> ReadSessionsAsync(
        HttpContext http, ProcessSessionStore store, TimeProvider time,
        [Description(QueryDocument.Start), FromQuery(Name = QueryRange.StartDate)] string? startDate,
        [Description(QueryDocument.End), FromQuery(Name = QueryRange.EndDate)] string? endDate,
        [Description(QueryDocument.OneNode)] string? node, [Description(QueryDocument.OneGpu)] string? gpu,
        [Description("Only this kind of work, by the last verdict.")] string? kind, [Description("Only this short name.")] string? name,
        [Description("Processes on a page: 1 to 1000. Default 100.")] string? limit,
        [Description("nextCursor of the page before, with the same filters.")] string? cursor, CancellationToken cancellation)
    {
        _ = (startDate, endDate, node, gpu, kind, name, limit, cursor);
        var (query, problems) = ProcessSessionQuery.Parse(http.Request.Query, time.GetUtcNow());
        return query is null ? TypedResults.ValidationProblem(problems) : TypedResults.Ok(await store.ReadAsync(query, cancellation));
    }

    private static async Task<Results<Ok<KindUsage>, ValidationProblem>> ReadUsageAsync(
        HttpContext http, KindUsageStore store, TimeProvider time,
        [Description(QueryDocument.Start), FromQuery(Name = QueryRange.StartDate)] string? startDate,
        [Description(QueryDocument.End), FromQuery(Name = QueryRange.EndDate)] string? endDate,
        [Description(QueryDocument.OneNode)] string? node, [Description(QueryDocument.OneGpu)] string? gpu, CancellationToken cancellation)
    {
        _ = (startDate, endDate, node, gpu);
        var (query, problems) = KindUsageQuery.Parse(http.Request.Query, time.GetUtcNow());
        return query is null ? TypedResults.ValidationProblem(problems) : TypedResults.Ok(await store.ReadAsync(query, cancellation));
    }
}
