using System.Diagnostics;
using System.Text.Json;
using GpuPlatform.Collector.Capacity;
using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Collector.Uplink;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Questions;

/// <summary>Answers over the broker what this host's own API answers. Takes one message at a time.</summary>
internal sealed partial class QuestionDesk(
    string nodeId, HostGuard guard, CapacityLook capacity, QuestionMetrics metrics, TimeProvider time, ILogger<QuestionDesk> logger)
{
    internal const int MostRemembered = 1000;

    /// <summary>Farther apart, the clocks of the two hosts say nothing about how old a wish is.</summary>
    internal static readonly TimeSpan FarthestClock = TimeSpan.FromMinutes(5);

    private readonly HashSet<Guid> _taken = [];
    private readonly Queue<Guid> _order = new();

    /// <summary>Null when it is not for this host, or cannot be read. Never throws.</summary>
    public FeedAnswer? Take(ReadOnlySpan<byte> body, string? traceParent)
    {
        var problem = QuestionReader.Read(body, nodeId, out var question);
        if (problem is null && !Remember(question!.RequestId))
            problem = "repeated";
        metrics.Count(problem);
        if (problem is not null)
            return null;
        _ = ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent);
        using var span = CollectorTelemetry.Source.StartActivity("answer question", ActivityKind.Consumer, parent);
        var answer = new NodeAnswered { RequestId = question!.RequestId, NodeId = nodeId, AnsweredAt = time.GetUtcNow() };
        try
        {
            return Write((question.Yield ?? question.Resume) is { } order ? HandOver(answer, question, order, span?.Id ?? traceParent) : Room(answer, question.Placement), span);
        }
        catch (Exception e)
        {
            Log.Failed(logger, e);
            return Write(answer with { Problem = $"the collector failed: {e.Message}" }, span);
        }
    }

    private static FeedAnswer Write(NodeAnswered answer, Activity? span) => new(
        JsonSerializer.SerializeToUtf8Bytes(
            new Envelope<NodeAnswered>(Guid.NewGuid(), [WireTopology.UrnFor<NodeAnswered>()], answer.AnsweredAt, answer), WireJson.Default.EnvelopeNodeAnswered),
        span?.Id);

    // The broker drops what is not taken in time; but a host that slept has what it was told before, and must not do it now
    private NodeAnswered HandOver(NodeAnswered answer, NodeAsked question, GuardRequest order, string? traceParent)
    {
        var distance = answer.AnsweredAt - question.AskedAt;
        if (distance.Duration() > FarthestClock)
            return answer with { Problem = $"the request is dated {distance.Duration().TotalMinutes:0} min {(distance > TimeSpan.Zero ? "before" : "after")} this host's time, at most {FarthestClock.TotalMinutes:0} min are accepted: set the clocks" };
        if (!guard.Choose(order.GpuUuid, ManualChoice.Of(order, question.Yield is not null, answer.AnsweredAt, traceParent)))
            return answer with { Problem = order.GpuUuid is null ? "the host has no GPU" : $"'{order.GpuUuid}' is no GPU of the host" };
        return answer with { Guard = guard.Report() };
    }

    private NodeAnswered Room(NodeAnswered answer, PlacementRequest? placement) => answer with
    {
        Capacity = capacity.Report(),
        Placement = placement is null ? null : placement.Model is { } model ? capacity.PlaceModel(model) : capacity.Place(placement.Bytes!.Value),
    };

    private bool Remember(Guid id)
    {
        if (!_taken.Add(id)) return false;
        _order.Enqueue(id);
        if (_order.Count > MostRemembered) _taken.Remove(_order.Dequeue());
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A question over the broker could not be answered")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
