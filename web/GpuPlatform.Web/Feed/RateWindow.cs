using GpuPlatform.Contracts;

namespace GpuPlatform.Web.Feed;

/// <summary>Tokens per second of one request at one look; null before it had a rate.</summary>
public readonly record struct RatePoint(DateTimeOffset At, double? TokensPerSecond);

/// <summary>The last minute of every request under way, for its sparkline. Forgets a request when it is no longer listed. Not thread-safe.</summary>
internal sealed class RateWindow
{
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(60);

    private readonly Dictionary<(string NodeId, Guid RequestId), List<RatePoint>> _lines = [];
    private readonly Dictionary<string, DateTimeOffset> _taken = new(StringComparer.Ordinal);

    public int Count => _lines.Count;

    /// <summary>Takes a node's newest look; one that was taken before adds nothing. Null: the node has no model server.</summary>
    public void Take(string nodeId, LlmActivity? activity)
    {
        if (activity is not null && _taken.TryGetValue(nodeId, out var last) && last == activity.SampledAt) return;
        var listed = activity?.InFlight.Select(request => request.RequestId).ToHashSet() ?? [];
        foreach (var key in _lines.Keys.Where(key => key.NodeId == nodeId && !listed.Contains(key.RequestId)).ToList()) _lines.Remove(key);
        if (activity is null)
        {
            _taken.Remove(nodeId);
            return;
        }
        _taken[nodeId] = activity.SampledAt;
        foreach (var request in activity.InFlight) Add((nodeId, request.RequestId), new RatePoint(activity.SampledAt, request.TokensPerSecond));
    }

    /// <summary>Keeps the lines of these nodes only.</summary>
    public void KeepOnly(IReadOnlySet<string> nodeIds)
    {
        foreach (var key in _lines.Keys.Where(key => !nodeIds.Contains(key.NodeId)).ToList()) _lines.Remove(key);
        foreach (var id in _taken.Keys.Where(id => !nodeIds.Contains(id)).ToList()) _taken.Remove(id);
    }

    /// <summary>Copies, safe to draw from.</summary>
    public IReadOnlyDictionary<(string NodeId, Guid RequestId), IReadOnlyList<RatePoint>> Lines() =>
        _lines.ToDictionary(line => line.Key, line => (IReadOnlyList<RatePoint>)[.. line.Value]);

    private void Add((string, Guid) key, RatePoint point)
    {
        if (!_lines.TryGetValue(key, out var line)) _lines[key] = line = [];
        // A host's clock may be set back: what lies ahead of the newest look is of another time
        line.RemoveAll(earlier => earlier.At >= point.At || earlier.At < point.At - Length);
        line.Add(point);
    }
}
