using System.ComponentModel;
using GpuPlatform.Contracts;
using GpuPlatform.History.Queries;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace GpuPlatform.History.Api;

/// <summary>Requests at model servers.</summary>
internal static class LlmHistoryApi
{
    private const string OneModel = "Only this model; 'unknown' for requests that named none.";
    private const string OneClient = "Only this client, by name.";

    public static void MapLlm(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.LlmSessions, ReadSessionsAsync)
            .WithName("llm-sessions")
            .WithSummary("Requests at model servers, page by page")
            .WithDescription("Newest first, or the slowest or largest first. nextCursor continues behind the last request, whatever arrives meanwhile, "
                + "in the range of the first page. An order leaves out requests without that value.")
            .DescribeQuery();
        routes.MapGet($"{Routes.LlmSessions}/{{id}}", ReadSessionAsync)
            .TakesNoQuery()
            .WithName("llm-session")
            .WithSummary("One request at a model server")
            .WithDescription("With prompt and reply where a collector sent them and History:LlmContentRetention has not passed.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        routes.MapGet(Routes.LlmUsage, ReadUsageAsync)
            .WithName("llm-usage")
            .WithSummary("Tokens, times, rates and energy by model and by client")
            .WithDescription("At most 366 days. Percentiles are values that were measured, not estimates, over the newest 5,000,000 requests of the range.")
            .DescribeQuery();
    }

    // The parameters are here for the API document; what is misspelt is found only in the query itself.
    private static async Task<Results<Ok<LlmSessionPage>, ValidationProblem>> ReadSessionsAsync(
        HttpContext http, LlmSessionStore store, TimeProvider time,
        [Description(QueryDocument.Start), FromQuery(Name = QueryRange.StartDate)] string? startDate,
        [Description(QueryDocument.End), FromQuery(Name = QueryRange.EndDate)] string? endDate, [Description(OneModel)] string? model,
        [Description(OneClient)] string? client, [Description(QueryDocument.OneNode)] string? node,
        [Description("Only this model server, by its name in the collector's configuration.")] string? server,
        [Description("Only this outcome: ok, aborted, failed or refused.")] string? outcome,
        [Description("Only this path, for instance /api/chat.")] string? endpoint,
        [Description("Only requests that took at least so many milliseconds."), FromQuery(Name = LlmSessionQuery.MinDuration)] string? minDuration,
        [Description("started (default), duration, ttft or tokens.")] string? sort, [Description("desc (default) or asc.")] string? order,
        [Description("Requests on a page: 1 to 1000. Default 100.")] string? limit,
        [Description("nextCursor of the page before; sort and order as given there.")] string? cursor, CancellationToken cancellation)
    {
        _ = (startDate, endDate, model, client, node, server, outcome, endpoint, minDuration, sort, order, limit, cursor);
        var (query, problems) = LlmSessionQuery.Parse(http.Request.Query, time.GetUtcNow());
        return query is null ? TypedResults.ValidationProblem(problems) : TypedResults.Ok(await store.ReadAsync(query, cancellation));
    }

    private static async Task<Results<Ok<LlmRequestCompleted>, ValidationProblem, ProblemHttpResult>> ReadSessionAsync(
        LlmSessionStore store, [Description("requestId of a request.")] string id, CancellationToken cancellation)
    {
        if (!Guid.TryParseExact(id, "D", out var requestId))
            return TypedResults.ValidationProblem(new Dictionary<string, string[]> { [nameof(id)] = ["expected the requestId of a request, a UUID with hyphens"] });
        return await store.ReadAsync(requestId, cancellation) is { } request
            ? TypedResults.Ok(request)
            : TypedResults.Problem("There is no such request, or its time is over.", statusCode: StatusCodes.Status404NotFound);
    }

    private static async Task<Results<Ok<LlmUsage>, ValidationProblem>> ReadUsageAsync(
        HttpContext http, LlmUsageStore store, TimeProvider time,
        [Description(QueryDocument.Start), FromQuery(Name = QueryRange.StartDate)] string? startDate,
        [Description(QueryDocument.End), FromQuery(Name = QueryRange.EndDate)] string? endDate, [Description(OneModel)] string? model,
        [Description(OneClient)] string? client, [Description(QueryDocument.OneNode)] string? node, CancellationToken cancellation)
    {
        _ = (startDate, endDate, model, client, node);
        var (filter, problems) = LlmUsageQuery.Parse(http.Request.Query, time.GetUtcNow());
        return filter is null ? TypedResults.ValidationProblem(problems) : TypedResults.Ok(await store.ReadAsync(filter, cancellation));
    }
}
