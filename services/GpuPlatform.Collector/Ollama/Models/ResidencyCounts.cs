using System.Collections.Concurrent;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Ollama.Models;

/// <summary>Loads and unloads since start, by server and model.</summary>
internal sealed class ResidencyCounts
{
    // A server may invent names
    private const int MostModels = 1000;

    private readonly ConcurrentDictionary<(string Server, string Model), Tally> _counts = new();

    public IEnumerable<(string Server, string Model, long Loads, long Unloads)> All =>
        _counts.Select(entry => (entry.Key.Server, entry.Key.Model, Interlocked.Read(ref entry.Value.Loads), Interlocked.Read(ref entry.Value.Unloads)));

    public void Count(ModelResidencyChanged change)
    {
        var key = (change.Server, change.Model);
        if (_counts.Count >= MostModels && !_counts.ContainsKey(key)) return;
        var count = _counts.GetOrAdd(key, _ => new Tally());
        if (change.Change == ResidencyChange.Loaded) Interlocked.Increment(ref count.Loads);
        if (change.Change == ResidencyChange.Unloaded) Interlocked.Increment(ref count.Unloads);
    }

    private sealed class Tally
    {
        public long Loads, Unloads;
    }
}
