using System.Text.Json;
using System.Text.Json.Serialization;
using GpuPlatform.Contracts;
using GpuPlatform.History.Live;
using GpuPlatform.History.Questions;
using GpuPlatform.ServiceDefaults;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GpuPlatform.History.Api;

/// <summary>Giving a GPU of any host away by hand, and taking it back: what the API of its collector does on that host alone.</summary>
internal static class NodeGuardApi
{
    private const int LongestBodyBytes = 4096;
    private const int MostNamed = 50;
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    public static void MapNodeGuard(this IEndpointRouteBuilder routes)
    {
        routes.MapChoice(Routes.GuardYield, yields: true)
            .WithName("yieldGpu")
            .WithSummary("The models leave a GPU now")
            .WithDescription("Of one GPU of a host or all, for a time if asked. Answered with what its collector says then. Taken from this host only, under a name of this host, and from no page of another origin.");
        routes.MapChoice(Routes.GuardResume, yields: false)
            .WithName("resumeGpu")
            .WithSummary("The models have a GPU again")
            .WithDescription("Whoever else is there; without minutes until nobody else is. Taken from this host only.");
    }

    private static RouteHandlerBuilder MapChoice(this IEndpointRouteBuilder routes, string path, bool yields) => routes
        .MapPost(path, (HttpContext http, NodeQuestions questions, LiveState live, CancellationToken cancellation) => ChooseAsync(http, questions, live, yields, cancellation))
        .OnlyFromThisHost()
        .TakesNoQuery()
        .Accepts<NodeGuardRequest>(PostedJson.Type)
        .Produces<GuardReport>()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
        .ProducesProblem(StatusCodes.Status504GatewayTimeout);

    private static async Task<IResult> ChooseAsync(HttpContext http, NodeQuestions questions, LiveState live, bool yields, CancellationToken cancellation)
    {
        var (asked, refusal) = await ReadAsync(http);
        if (asked is null)
            return refusal!;
        if (live.Snapshot(asked.Node!) is not { } node)
            return Problem($"No host '{asked.Node}' is known. Known: {(live.NodeIds.Count == 0 ? "none" : string.Join(", ", live.NodeIds.Take(MostNamed)))}.", StatusCodes.Status404NotFound);
        if (asked.Gpu is { } gpu && !node.Gpus.Any(known => known.Uuid.Equals(gpu, StringComparison.OrdinalIgnoreCase)))
            return Problem($"'{gpu}' is no GPU of '{node.NodeId}'. It has: {(node.Gpus.Count == 0 ? "none" : string.Join(", ", node.Gpus.Select(known => known.Uuid)))}.", StatusCodes.Status404NotFound);

        var order = new GuardRequest { GpuUuid = asked.Gpu, Minutes = asked.Minutes, Reason = asked.Reason };
        var question = questions.New(node.NodeId);
        var (given, problem) = await questions.AskAsync(yields ? question with { Yield = order } : question with { Resume = order }, [node.NodeId], cancellation);
        if (problem is not null)
            return Problem(problem, StatusCodes.Status503ServiceUnavailable);
        return given switch
        {
            [{ Guard: { } report }] => TypedResults.Ok(report),
            [{ Problem: { } why }] => Problem($"The collector of '{node.NodeId}' does not do it: {why}.", StatusCodes.Status409Conflict),
            _ => Problem($"The collector of '{node.NodeId}' did not answer within {NodeAsked.Patience.TotalSeconds:0} s; something last came from it at {node.LastSeenAt:O}. What it has not taken by then is dropped.",
                StatusCodes.Status504GatewayTimeout),
        };
    }

    private static async Task<(NodeGuardRequest? Asked, IResult? Refusal)> ReadAsync(HttpContext http)
    {
        if (!http.Request.HasJsonContentType())
            return (null, PostedJson.Refusal(http));
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = LongestBodyBytes;
        try
        {
            var asked = await JsonSerializer.DeserializeAsync<NodeGuardRequest>(http.Request.Body, Strict, http.RequestAborted);
            return asked is null ? (null, Refuse("body", "null is not accepted; accepted is an object with node"))
                : string.IsNullOrEmpty(asked.Node) ? (null, Refuse("node", "missing; accepted is the id of a host as in /api/realtime"))
                : asked.Minutes is not (null or (> 0 and <= GuardRequest.MostMinutes))
                    ? (null, Refuse("minutes", $"{asked.Minutes} is not accepted; accepted is a number above 0, at most {GuardRequest.MostMinutes}, or none"))
                : asked.Reason is { } reason && (reason.Length > GuardRequest.LongestReason || reason.Any(char.IsControl))
                    ? (null, Refuse("reason", $"has {reason.Length} characters; accepted are {GuardRequest.LongestReason}, none of them a control character"))
                : (asked, null);
        }
        catch (JsonException e)
        {
            return (null, Refuse(e.Path?.TrimStart('$', '.') is { Length: > 0 } path ? path : "body",
                "not as expected; accepted is {\"node\": text, \"gpu\": text, \"minutes\": a number, \"reason\": text}; only node is needed"));
        }
        catch (BadHttpRequestException e)
        {
            return (null, Problem(e.Message, e.StatusCode));
        }
    }

    private static ValidationProblem Refuse(string field, string problem) =>
        TypedResults.ValidationProblem(new Dictionary<string, string[]> { [field] = [problem] });

    private static ProblemHttpResult Problem(string words, int status) => TypedResults.Problem(words, statusCode: status);
}
