using System.ComponentModel;
using System.Globalization;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Contracts;
using GpuPlatform.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GpuPlatform.Collector.Api;

/// <summary>The requests at this host's model servers: those under way, and those that ended of late.</summary>
internal static class LlmRequestsApi
{
    private const string OfOne = "/{id}";
    private const int DefaultLimit = 50;
    private const int MostLimit = 500;

    private static readonly LlmOutcome[] Outcomes = Enum.GetValues<LlmOutcome>();

    public static void MapLlmRequests(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.LlmRequests, Recent)
            .TakesQuery("limit", "model", "client", "outcome", "server").UnderNamesOfThisHost()
            .Describe("llmRequests", "Requests that ended of late, newest first", "As many as Ollama:RecentRequests are known, none of them from before the collector's start. "
                + "A record comes when the energy of its request is known: a few seconds after its end. What was asked and answered is not in the list.", LlmExamples.Requests);
        routes.MapGet(Routes.LlmRequests + OfOne, One)
            .TakesNoQuery().UnderNamesOfThisHost().ProducesProblem(StatusCodes.Status404NotFound)
            .Describe("llmRequest", "One request that ended of late", "What was asked and answered is in it only where Ollama:CaptureContent is on, and for calls from this host alone.",
                LlmExamples.Request);
        routes.MapGet(Routes.LlmInFlight, InFlight)
            .TakesNoQuery().UnderNamesOfThisHost()
            .Describe("llmInFlight", "Requests under way, oldest first", "As they are at this moment: age, what they do, tokens so far and their rate.", LlmExamples.InFlight);
        routes.MapDelete(Routes.LlmInFlight + OfOne, Cancel)
            .TakesNoQuery().OnlyFromThisHost()
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound)
            .WithName("cancelLlmRequest").WithSummary("Cancels a request under way")
            .WithDescription("The model server stops, and the client sees its reply break off. Taken from this host only, under a name of this host, and from no page of another origin.");
        routes.MapGet(Routes.LlmModels, Models)
            .TakesNoQuery().UnderNamesOfThisHost()
            .Describe("llmModels", "The model servers and their models", "In order of configuration, as they were last seen.", LlmExamples.Servers);
    }

    private static Results<Ok<LlmRequestList>, ValidationProblem> Recent(
        [Description("At most so many: 1 to 500, 50 unless said.")] string? limit,
        [Description("Only of this model.")] string? model,
        [Description("Only of this client.")] string? client,
        [Description("Only that ended so: ok, aborted, failed or refused.")] string? outcome,
        [Description("Only of this model server.")] string? server,
        RecentRequests recent, TimeProvider clock)
    {
        var problems = new Dictionary<string, string[]>();
        var filter = new RecentFilter(LimitOf(limit, problems)) { Model = model, Client = client, Server = server, Outcome = OutcomeOf(outcome, problems) };
        return problems.Count > 0 ? TypedResults.ValidationProblem(problems) : TypedResults.Ok(new LlmRequestList
        {
            GeneratedAt = clock.GetUtcNow(),
            Requests = [.. recent.Find(filter).Select(record => record with { Content = null })],
        });
    }

    private static Results<Ok<LlmRequestCompleted>, ValidationProblem, ProblemHttpResult> One(string id, HttpContext http, RecentRequests recent) =>
        !Guid.TryParse(id, out var request) ? Misspelt(id)
        : recent.Find(request) is { } record ? TypedResults.Ok(LocalCalls.Refusal(http) is null ? record : record with { Content = null })
        : TypedResults.Problem($"No request {request} ended of late.", statusCode: StatusCodes.Status404NotFound);

    private static Ok<LlmInFlightList> InFlight(RunningRequests running, TimeProvider clock) =>
        TypedResults.Ok(new LlmInFlightList { GeneratedAt = clock.GetUtcNow(), Requests = running.Look() });

    private static Results<NoContent, ValidationProblem, ProblemHttpResult> Cancel(string id, RequestLog log) =>
        !Guid.TryParse(id, out var request) ? Misspelt(id)
        : log.Cancel(request) ? TypedResults.NoContent()
        : TypedResults.Problem($"No request {request} is under way.", statusCode: StatusCodes.Status404NotFound);

    private static Ok<LlmServerList> Models(ILlmServers servers, TimeProvider clock) =>
        TypedResults.Ok(new LlmServerList { GeneratedAt = clock.GetUtcNow(), Servers = servers.Current });

    private static int LimitOf(string? limit, Dictionary<string, string[]> problems)
    {
        if (limit is null) return DefaultLimit;
        if (int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= MostLimit) return number;
        problems["limit"] = [$"'{limit}' is not accepted; accepted are whole numbers from 1 to {MostLimit}"];
        return DefaultLimit;
    }

    private static LlmOutcome? OutcomeOf(string? outcome, Dictionary<string, string[]> problems)
    {
        if (outcome is null) return null;
        foreach (var known in Outcomes)
            if (outcome.Equals(known.ToString(), StringComparison.OrdinalIgnoreCase)) return known;
        problems["outcome"] = [$"'{outcome}' is not accepted; accepted are {string.Join(", ", Outcomes.Select(known => known.ToString().ToLowerInvariant()))}"];
        return null;
    }

    private static ValidationProblem Misspelt(string id) =>
        TypedResults.ValidationProblem(new Dictionary<string, string[]> { ["id"] = [$"'{id}' is not accepted; accepted is a request's id, a UUID"] });
}
