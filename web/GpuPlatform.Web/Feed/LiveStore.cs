using System.Collections.Immutable;
using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Feed;

/// <summary>The latest of everything and the last ten minutes, shared by all circuits of this process.</summary>
internal sealed class LiveStore(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, NodeSnapshot> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<(string NodeId, string Uuid), GpuWindow> _windows = [];
    private readonly RateWindow _rates = new();
    private ImmutableList<FeedSubscription> _subscriptions = [];
    private volatile FeedState _state = new();

    public FeedState State => _state;

    public int SubscriptionCount => _subscriptions.Count;

    public FeedSubscription Subscribe()
    {
        var subscription = new FeedSubscription(
            time, gone => ImmutableInterlocked.Update(ref _subscriptions, static (all, one) => all.Remove(one), gone));
        ImmutableInterlocked.Update(ref _subscriptions, static (all, one) => all.Add(one), subscription);
        return subscription;
    }

    public void Connected() => Change(state =>
        state with { Connection = FeedConnection.Live, Problem = null, LastLiveAt = time.GetUtcNow() });

    public void Disconnected(FeedConnection connection, string problem) =>
        Change(state => state with { Connection = connection, Problem = problem });

    /// <summary>Takes one event of the live feed; null counts as one that could not be read.</summary>
    public void Apply(NodeSnapshot? node) => Change(state =>
    {
        state = state with { LastLiveAt = time.GetUtcNow() };
        if (node is null) return state with { MalformedEvents = state.MalformedEvents + 1 };
        Take(node);
        return state with { Nodes = [.. _nodes.Values] };
    });

    /// <summary>Takes the full list of nodes: what it lacks is gone.</summary>
    public void Reconcile(RealtimeSnapshot snapshot) => Change(state =>
    {
        var whole = snapshot.Nodes.Where(WireCheck.IsWhole).ToList();
        foreach (var id in _nodes.Keys.Except(whole.Select(node => node.NodeId), StringComparer.Ordinal).ToList()) _nodes.Remove(id);
        foreach (var node in whole)
        {
            // An event that came while this answer was on its way is newer. Events themselves are taken in their order,
            // not by their time: a host's clock may be set back.
            if (!_nodes.TryGetValue(node.NodeId, out var known) || known.LastSeenAt <= node.LastSeenAt) Take(node);
        }
        _rates.KeepOnly(_nodes.Keys.ToHashSet(StringComparer.Ordinal));
        var now = time.GetUtcNow();
        foreach (var (key, window) in _windows)
        {
            window.Trim(now);
            if (window.Readings.Count == 0) _windows.Remove(key);
        }
        return state with { Nodes = [.. _nodes.Values], MalformedEvents = state.MalformedEvents + snapshot.Nodes.Count - whole.Count };
    });

    /// <summary>Fills the holes of the lines.</summary>
    public void Backfill(HistoricalSeries series) => Change(state =>
    {
        var now = time.GetUtcNow();
        var step = series.StepSeconds is > 0 and < 86_400 ? TimeSpan.FromSeconds(series.StepSeconds) : TimeSpan.Zero;
        var filled = false;
        foreach (var gpu in series.Gpus) filled |= Window(gpu.NodeId, gpu.Uuid).Backfill(GpuReading.From(gpu, series.DetailStepSeconds ?? 0), step, now);
        return filled ? state with { LinesGeneration = state.LinesGeneration + 1 } : state;
    });

    /// <summary>Takes the energy of a range of time.</summary>
    public void TakeEnergy(HistoricalSeries series) => Change(state => state with
    {
        EnergyJoules = series.Gpus.Where(gpu => gpu.EnergyJoules is not null).DistinctBy(gpu => (gpu.NodeId, gpu.Uuid))
            .ToDictionary(gpu => (gpu.NodeId, gpu.Uuid), gpu => gpu.EnergyJoules!.Value),
    });

    /// <summary>The lines of every GPU that a node reports now.</summary>
    public IReadOnlyList<GpuLine> Lines()
    {
        lock (_lock)
        {
            return [.. from node in _nodes.Values
                       from gpu in node.Gpus
                       let window = Window(node.NodeId, gpu.Uuid)
                       select new GpuLine(node.NodeId, gpu.Uuid, gpu.Name, gpu.Index, [.. window.Readings], window.Step)];
        }
    }

    /// <summary>The last minute of every request under way.</summary>
    public IReadOnlyDictionary<(string NodeId, Guid RequestId), IReadOnlyList<RatePoint>> Rates()
    {
        lock (_lock) return _rates.Lines();
    }

    private void Take(NodeSnapshot node)
    {
        _nodes[node.NodeId] = node;
        _rates.Take(node.NodeId, node.Llm);
        if (node.GpusSampledAt is not { } at) return;
        var now = time.GetUtcNow();
        foreach (var gpu in node.Gpus) Window(node.NodeId, gpu.Uuid).Add(GpuReading.From(FreshDetails.Of(gpu, at), at), now);
    }

    private GpuWindow Window(string nodeId, string uuid)
    {
        if (!_windows.TryGetValue((nodeId, uuid), out var window)) _windows[(nodeId, uuid)] = window = new GpuWindow();
        return window;
    }

    private void Change(Func<FeedState, FeedState> change)
    {
        lock (_lock)
        {
            var next = change(_state);
            if (ReferenceEquals(next, _state)) return;
            _state = next;
        }
        foreach (var subscription in _subscriptions) subscription.Notify();
    }
}
