using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using GpuPlatform.Contracts;
using GpuPlatform.History.Live;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace GpuPlatform.History.Api;

/// <summary>The live feed.</summary>
internal static class LiveApi
{
    private const string NodeEvent = "node";

    /// <summary>Its data is empty: browsers do not dispatch such an event, readers of the stream see that it lives.</summary>
    private const string BeatEvent = "beat";

    private static readonly ConditionalWeakTable<NodeSnapshot, string> Written = [];

    public static void MapLive(this IEndpointRouteBuilder routes) => routes.MapGet(Routes.Live, Open)
        .TakesNoQuery()
        .WithName("live")
        .WithSummary("Live feed of node states as server-sent events")
        .WithDescription("Events of type 'node': one for each known node at once, then one whenever a node changes; a slow reader skips states. "
            + "An empty 'beat' every ten seconds shows that the feed lives.")
        .Produces<NodeSnapshot>(StatusCodes.Status200OK, "text/event-stream")
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static Results<ServerSentEventsResult<string>, ProblemHttpResult> Open(LiveState live, LiveHub hub, IOptions<JsonOptions> json,
        IOptions<HistoryOptions> options, IHostApplicationLifetime lifetime, HttpContext http)
    {
        // Subscribed before anything is read: a change in between is announced once more rather than missed.
        if (hub.TrySubscribe() is not { } subscription)
        {
            return TypedResults.Problem($"{options.Value.MaxFeeds} feeds are open, as many as {HistoryOptions.Section}:{nameof(HistoryOptions.MaxFeeds)} "
                + $"allows; close one, or ask {Routes.Realtime}.", statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        // By the response, not by the events: a reader that leaves at once never has them read.
        http.Response.RegisterForDispose(subscription);
        http.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(
            EventsAsync(live, subscription, json.Value.SerializerOptions, lifetime.ApplicationStopping, http.RequestAborted));
    }

    internal static async IAsyncEnumerable<SseItem<string>> EventsAsync(LiveState live, LiveSubscription subscription, JsonSerializerOptions json,
        CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellation);
        foreach (var nodeId in live.NodeIds)
            subscription.Mark(nodeId);
        yield return new SseItem<string>("", BeatEvent);
        while (!ending.IsCancellationRequested)
        {
            string? nodeId;
            try
            {
                nodeId = await subscription.NextAsync(ending.Token);
            }
            catch (OperationCanceledException)
            {
                yield break;
            }

            if (nodeId is null)
                yield return new SseItem<string>("", BeatEvent);
            // Written once for all subscribers: they share the snapshot.
            else if (live.Snapshot(nodeId) is { } snapshot)
                yield return new SseItem<string>(Written.GetValue(snapshot, value => JsonSerializer.Serialize(value, json)), NodeEvent);
        }
    }
}
