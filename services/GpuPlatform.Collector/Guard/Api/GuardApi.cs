using System.Diagnostics;
using GpuPlatform.Collector.Api;
using GpuPlatform.Contracts;
using GpuPlatform.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GpuPlatform.Collector.Guard;

/// <summary>To whom each GPU belongs, and giving one away or taking it back by hand.</summary>
internal static class GuardApi
{
    private const string Accepted = """{"gpu_uuid": text, "minutes": a number, "reason": text}, each or none""";

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
        .TakesJson<GuardRequest>();

    private static Ok<GuardReport> Read(HostGuard guard) => TypedResults.Ok(guard.Report());

    private static Task<Results<Ok<GuardReport>, ValidationProblem, ProblemHttpResult>> ChooseAsync(HttpContext http, HostGuard guard, TimeProvider time, bool yields) =>
        JsonBody.AnswerAsync<GuardRequest, GuardReport>(http, ApiJson.Default.GuardRequest, Accepted, asked =>
        {
            if (asked.Minutes is not (null or (> 0 and <= GuardRequest.MostMinutes)))
                return JsonBody.Refuse("minutes", $"{asked.Minutes} is not accepted; accepted is a number above 0, at most {GuardRequest.MostMinutes}, or none");
            if (asked.Reason is { } reason && (reason.Length > GuardRequest.LongestReason || reason.Any(char.IsControl)))
                return JsonBody.Refuse("reason", $"has {reason.Length} characters; accepted are {GuardRequest.LongestReason}, none of them a control character");
            return guard.Choose(asked.GpuUuid, ManualChoice.Of(asked, yields, time.GetUtcNow(), Activity.Current?.Id))
                ? TypedResults.Ok(guard.Report())
                : JsonBody.Refuse("gpu_uuid", asked.GpuUuid is null ? "this host has no GPU" : $"'{asked.GpuUuid}' is no GPU of this host; {Routes.GpuDevices} lists them");
        });
}
