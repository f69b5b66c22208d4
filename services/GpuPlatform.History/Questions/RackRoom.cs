using GpuPlatform.Contracts;
using GpuPlatform.History.Live;

namespace GpuPlatform.History.Questions;

/// <summary>The room on all hosts. Each collector says what fits on its own; here the answers are put in order.</summary>
internal sealed class RackRoom(NodeQuestions questions, LiveState live)
{
    private const int MostNamed = 50;

    // Those who have just answered do so again; together it stays below what callers wait for
    private static readonly TimeSpan SecondPatience = TimeSpan.FromSeconds(2);

    /// <summary>The second is why nobody could be asked; null when they were.</summary>
    public async Task<(RackCapacity Capacity, string? Problem)> CapacityAsync(CancellationToken cancellation)
    {
        var nodes = live.Snapshot().Nodes;
        var (given, problem) = await questions.AskAsync(questions.New(), Present(nodes), cancellation);
        return (new RackCapacity { Nodes = [.. nodes.Select(node => Describe(node, given.FirstOrDefault(answer => answer.NodeId == node.NodeId)))] }, problem);
    }

    /// <summary>Null when no host knows the model; the second is why nobody could be asked.</summary>
    public async Task<(RackPlacement? Placement, string? Problem)> PlaceAsync(PlacementRequest wanted, CancellationToken cancellation)
    {
        var nodes = live.Snapshot().Nodes;
        var (given, problem) = await questions.AskAsync(questions.New() with { Placement = wanted }, Present(nodes), cancellation);
        if (problem is not null)
            return (null, problem);
        var having = given.Where(answer => answer.Placement is not null).ToList();
        if (wanted.Model is not null && having.Count == 0 && given.Count > 0)
            return (null, null);
        var lacking = await PlaceElsewhereAsync(having, [.. given.Except(having).Where(answer => answer.Problem is null).Select(answer => answer.NodeId)], cancellation);
        var answered = having.Concat(lacking).Select(answer => answer.NodeId).ToHashSet(StringComparer.Ordinal);
        var silent = nodes.Where(node => !answered.Contains(node.NodeId)).Select(node => Describe(node, given.FirstOrDefault(answer => answer.NodeId == node.NodeId && answer.Problem is not null)));
        return (RackOrder.Of(wanted.Model, having, lacking, [.. silent]), null);
    }

    // What a model takes was measured or estimated where it is: whoever does not have it is asked for as much memory
    private async Task<List<NodeAnswered>> PlaceElsewhereAsync(List<NodeAnswered> having, List<string> lacking, CancellationToken cancellation)
    {
        if (having.Count == 0 || lacking.Count == 0)
            return [];
        var need = having.Select(answer => answer.Placement!).OrderBy(placement => placement.NeededFrom).ThenByDescending(placement => placement.NeededBytes).First();
        var (given, _) = await questions.AskAsync(questions.New() with { Placement = new() { Bytes = need.NeededBytes } }, lacking, cancellation, SecondPatience);
        return
        [
            .. given.Where(answer => answer.Placement is not null).Select(answer => answer with
            {
                Placement = answer.Placement! with { Model = need.Model, NeededFrom = need.NeededFrom, Reason = $"it does not have the model yet; {answer.Placement!.Reason}" },
            }),
        ];
    }

    /// <summary>Models that model servers have, for those who misspelt one.</summary>
    public IReadOnlyList<string> KnownModels =>
    [
        .. live.Snapshot().Nodes.SelectMany(node => node.Llm?.Servers ?? [])
            .SelectMany(server => (server.Available ?? []).Where(model => !model.Remote).Select(model => model.Name).Concat(server.Resident.Select(model => model.Name)))
            .Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal).Take(MostNamed),
    ];

    // Those that are silent are not waited for
    private static List<string> Present(IReadOnlyList<NodeSnapshot> nodes) => [.. nodes.Where(node => !node.Stale).Select(node => node.NodeId)];

    private static NodeCapacity Describe(NodeSnapshot node, NodeAnswered? answer) => new()
    {
        NodeId = node.NodeId,
        LastSeenAt = node.LastSeenAt,
        Capacity = answer?.Capacity,
        AgeSeconds = answer?.Capacity?.SampledAt is { } at ? Math.Max(0, Math.Round((answer.AnsweredAt - at).TotalSeconds, 3)) : null,
        Problem = answer is { Problem: { } problem } ? problem
            : answer?.Capacity is not null ? null
            : node.Stale ? "nothing comes from it" : $"its collector did not answer within {NodeAsked.Patience.TotalSeconds:0} s",
    };
}
