using GpuPlatform.Contracts;
using GpuPlatform.History.Live;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GpuPlatform.History.Api;

/// <summary>The latest of everything.</summary>
internal static class RealtimeApi
{
    public static void MapRealtime(this IEndpointRouteBuilder routes) => routes.MapGet(Routes.Realtime, Read)
        .TakesNoQuery()
        .WithName("realtime")
        .WithSummary("The latest of every node")
        .WithDescription("GPUs, host, and processes with their kind of work. Answered from memory; nodes silent for longer than History:StaleAfter say so.");

    private static Ok<RealtimeSnapshot> Read(LiveState live) => TypedResults.Ok(live.Snapshot());
}
