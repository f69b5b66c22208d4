using System.Diagnostics;
using System.Text.Json;
using GpuPlatform.Collector.Api;
using GpuPlatform.Contracts;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GpuPlatform.Collector.Guard;

/// <summary>To whom each GPU belongs, and giving one away or taking it back by hand.</summary>
internal static class GuardApi
{
    private const string JsonType = "application/json";
    private const int LongestBodyBytes = 4096;

    public static void MapGuard(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Guard, Read)
            .TakesNoQuery()
            .UnderNamesOfThisHost()
            .Describe("guard", "To whom each GPU belongs", "Whether models may use it, else who has it, since when and why.", GuardExamples.Report);
        routes.MapChoice(Routes.GuardYield, yields: true)
            .Describe("yieldGpu", "The models leave now", "Of one GPU or all, for a time if asked. Taken from this host only, under a name of this host, and from no page of another origin.",
                GuardExamples.Yield);
        routes.MapChoice(Routes.GuardResume, yields: false)
            .Describe("resumeGpu", "The models have it again",
                "Whoever else is there; without minutes until nobody else is. Errors of the GPU that are known now no longer count. Taken from this host only.", GuardExamples.Resume);
    }

    private static RouteHandlerBuilder MapChoice(this IEndpointRouteBuilder routes, string path, bool yields) => routes
        .MapPost(path, (HttpContext http, HostGuard guard, TimeProvider time) => ChooseAsync(http, guard, time, yields))
        .TakesNoQuery()
        .OnlyFromThisHost()
        .Accepts<GuardRequest>(JsonType)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);

    private static Ok<GuardReport> Read(HostGuard guard) => TypedResults.Ok(guard.Report());

    private static async Task<Results<Ok<GuardReport>, ValidationProblem, ProblemHttpResult>> ChooseAsync(HttpContext http, HostGuard guard, TimeProvider time, bool yields)
    {
        if (!http.Request.HasJsonContentType())
            return TypedResults.Problem($"Content-Type is '{http.Request.ContentType}'; accepted is {JsonType}.", statusCode: StatusCodes.Status415UnsupportedMediaType);
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = LongestBodyBytes;
        GuardRequest? asked;
        try
        {
            asked = await JsonSerializer.DeserializeAsync(http.Request.Body, ApiJson.Default.GuardRequest, http.RequestAborted);
        }
        catch (JsonException e)
        {
            return Refuse(e.Path?.TrimStart('$', '.') is { Length: > 0 } path ? path : "body", "not as expected; accepted is {\"gpu_uuid\": text, \"minutes\": a number, \"reason\": text}, each or none");
        }
        catch (BadHttpRequestException e)
        {
            return TypedResults.Problem(e.Message, statusCode: e.StatusCode);
        }
        if (asked is null) return Refuse("body", "null is not accepted; accepted is an object, which may be empty");
        if (asked.Minutes is not (null or (> 0 and <= GuardRequest.MostMinutes)))
            return Refuse("minutes", $"{asked.Minutes} is not accepted; accepted is a number above 0, at most {GuardRequest.MostMinutes}, or none");
        if (asked.Reason?.Length > GuardRequest.LongestReason) return Refuse("reason", $"has {asked.Reason.Length} characters; accepted are {GuardRequest.LongestReason}");
        return guard.Choose(asked.GpuUuid, ManualChoice.Of(asked, yields, time.GetUtcNow(), Activity.Current?.Id))
            ? TypedResults.Ok(guard.Report())
            : Refuse("gpu_uuid", asked.GpuUuid is null ? "this host has no GPU" : $"'{asked.GpuUuid}' is no GPU of this host; {Routes.GpuDevices} lists them");
    }

    private static ValidationProblem Refuse(string field, string problem) =>
        TypedResults.ValidationProblem(new Dictionary<string, string[]> { [field] = [problem] });
}
