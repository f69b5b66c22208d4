using System.Collections.Concurrent;
using GpuPlatform.Contracts;
using Microsoft.Extensions.Options;

namespace GpuPlatform.History.Live;

/// <summary>The latest of every node, in memory. Tells the hub which node has changed.</summary>
internal sealed partial class LiveState(LiveHub hub, TimeProvider time, IOptions<HistoryOptions> options, ILogger<LiveState> logger)
{
    private readonly ConcurrentDictionary<string, NodeState> _nodes = new(StringComparer.Ordinal);
    private readonly Lock _arrivals = new();
    private bool _isFull;

    public int NodeCount => _nodes.Count;

    public void Apply(GpuSampled message) => Change(message.NodeId, node => node.Apply(message, time.GetUtcNow()));

    public void Apply(HostSampled message) => Change(message.NodeId, node => node.Apply(message, time.GetUtcNow()));

    public void Apply(GpuProcessObserved message) => Change(message.NodeId, node => node.Apply(message));

    public void Apply(ProcessClassified message) => Change(message.NodeId, node => node.Apply(message));

    public void Apply(LlmActivity message) => Change(message.NodeId, node => node.Apply(message, time.GetUtcNow()));

    public void Apply(GuardChanged message) => Change(message.NodeId, node => node.Apply(message));

    /// <summary>Takes over what the database knows, dated by its own readings: a node that is silent since then is stale at once.</summary>
    public void Restore(string nodeId, Action<NodeState> fill) => Change(nodeId, node =>
    {
        fill(node);
        node.Tick(time.GetUtcNow(), options.Value.StaleAfter);
    });

    /// <summary>Decides on staleness and forgets nodes that are silent for too long.</summary>
    public void Tick()
    {
        var now = time.GetUtcNow();
        foreach (var (nodeId, node) in _nodes)
        {
            if (node.IsForgotten(now, options.Value.ForgetAfter))
                Forget(nodeId);
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

    private void Change(string nodeId, Action<NodeState> change)
    {
        if (Node(nodeId) is not { } node)
            return;
        change(node);
        hub.Changed(nodeId);
    }

    /// <summary>Null for a new node when there is no room: its messages are in the database, but nothing of it is kept here.</summary>
    private NodeState? Node(string nodeId)
    {
        if (_nodes.TryGetValue(nodeId, out var known))
            return known;
        lock (_arrivals)
        {
            if (_nodes.Count < options.Value.MaxNodes)
                return _nodes.GetOrAdd(nodeId, static (id, now) => new NodeState(id, now), time.GetUtcNow());
            if (!_isFull)
                Log.Full(logger, options.Value.MaxNodes, nodeId);
            _isFull = true;
            return null;
        }
    }

    private void Forget(string nodeId)
    {
        lock (_arrivals)
        {
            _nodes.TryRemove(nodeId, out _);
            _isFull = false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The live state holds {MaxNodes} nodes, as many as History:MaxNodes allows; '{NodeId}' and other new ones are stored, but not shown live")]
        public static partial void Full(ILogger logger, int maxNodes, string nodeId);
    }
}
