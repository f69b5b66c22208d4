using System.Collections.Concurrent;
using GpuPlatform.Contracts;
using Microsoft.Extensions.Options;

namespace GpuPlatform.History.Live;

/// <summary>The latest of every node, in memory. Tells the hub which node has changed.</summary>
internal sealed class LiveState(LiveHub hub, TimeProvider time, IOptions<HistoryOptions> options)
{
    private readonly ConcurrentDictionary<string, NodeState> _nodes = new(StringComparer.Ordinal);

    public int NodeCount => _nodes.Count;

    public void Apply(GpuSampled message)
    {
        Node(message.NodeId).Apply(message, time.GetUtcNow());
        hub.Changed(message.NodeId);
    }

    public void Apply(HostSampled message)
    {
        Node(message.NodeId).Apply(message, time.GetUtcNow());
        hub.Changed(message.NodeId);
    }

    public void Apply(GpuProcessObserved message)
    {
        Node(message.NodeId).Apply(message);
        hub.Changed(message.NodeId);
    }

    public void Apply(ProcessClassified message)
    {
        Node(message.NodeId).Apply(message);
        hub.Changed(message.NodeId);
    }

    /// <summary>Takes over what the database knows, dated by its own readings: a node that is silent since then is stale at once.</summary>
    public void Restore(string nodeId, Action<NodeState> fill)
    {
        var node = Node(nodeId);
        fill(node);
        node.Tick(time.GetUtcNow(), options.Value.StaleAfter);
        hub.Changed(nodeId);
    }

    /// <summary>Decides on staleness and forgets nodes that are silent for too long.</summary>
    public void Tick()
    {
        var now = time.GetUtcNow();
        foreach (var (nodeId, node) in _nodes)
        {
            if (node.IsForgotten(now, options.Value.ForgetAfter))
                _nodes.TryRemove(nodeId, out _);
            else if (node.Tick(now, options.Value.StaleAfter))
                hub.Changed(nodeId);
        }
    }

    public IReadOnlyCollection<string> NodeIds => [.. _nodes.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The node's latest; null when it is not known or has not sent a reading yet.</summary>
    public NodeSnapshot? Snapshot(string nodeId) => _nodes.TryGetValue(nodeId, out var node) ? node.Snapshot() : null;

    public RealtimeSnapshot Snapshot() => new()
    {
        GeneratedAt = time.GetUtcNow(),
        Nodes = [.. NodeIds.Select(Snapshot).OfType<NodeSnapshot>()],
    };

    private NodeState Node(string nodeId) => _nodes.GetOrAdd(nodeId, static (id, now) => new NodeState(id, now), time.GetUtcNow());
}
