using GpuPlatform.Collector.Host;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GpuPlatform.Collector.Api;

/// <summary>The collector's own state for programs: what <c>/health</c> says, with sources and problems.</summary>
internal static class HealthApi
{
    public static void MapCollectorHealth(this IEndpointRouteBuilder routes) => routes.MapGet(Routes.Health, Read)
        .TakesNoQuery()
        .Produces<CollectorHealthReport>(StatusCodes.Status503ServiceUnavailable)
        .Describe("health", "How the collector is", "The same checks as /health, with the sources of readings and every problem in words. 503 when it is unhealthy.",
            ApiExamples.Health);

    private static JsonHttpResult<CollectorHealthReport> Read(
        CollectorHealth health, GpuAnswers answers, LatestSample latest, SamplingPace pace, IPublisher publisher)
    {
        var verdict = health.Check();
        var snapshot = latest.Gpus;
        var report = new CollectorHealthReport
        {
            Status = Word(verdict.Status),
            Version = CollectorTelemetry.Version,
            Problems = verdict.Problems,
            Checks = [.. verdict.Checks.Select(check => new CollectorCheck(check.Name, Word(check.Result.Status), check.Result.Description))],
            Sources = GpuAnswers.Sources(snapshot),
            GameMode = pace.GameMode,
            MessagesQueued = publisher.QueuedCount,
            MessagesDropped = publisher.DroppedCount,
        };
        return TypedResults.Json(answers.Stamped(report, snapshot, freshProblem: null), ApiJson.Default.CollectorHealthReport,
            statusCode: verdict.Status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }

    private static string Word(HealthStatus status) => status.ToString().ToLowerInvariant();
}
