using System.Collections.Concurrent;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Ollama.Models;

/// <summary>How much GPU memory a model needs: what it took when it was in memory, else an estimate from its size on disk.</summary>
internal sealed class ModelSizes
{
    // Weights lie in memory much as on disk; context and working buffers of a default context come on top
    private const double OnDiskFactor = 1.1;
    private const long BesideWeightsBytes = 768L << 20;
    private const int MostModels = 1000;

    private readonly ConcurrentDictionary<string, long> _measured = new(ModelName.Comparer);

    /// <summary>Takes note of what a model took.</summary>
    public void Note(ModelResidencyChanged change)
    {
        var name = ModelName.Whole(change.Model);
        if (change.VramBytes is > 0 and var bytes && (_measured.Count < MostModels || _measured.ContainsKey(name))) _measured[name] = bytes;
    }

    /// <summary>Null when no server knows the model, or says how large it is.</summary>
    public (long Bytes, NeedSource Source)? Of(string model, IReadOnlyList<LlmServer> servers)
    {
        var name = ModelName.Whole(model);
        var resident = servers.SelectMany(server => server.Resident).FirstOrDefault(one => ModelName.Comparer.Equals(ModelName.Whole(one.Name), name));
        if (resident?.VramBytes is > 0 and var now) return (now, NeedSource.Measured);
        if (_measured.TryGetValue(name, out var measured)) return (measured, NeedSource.Measured);
        var onDisk = servers.SelectMany(server => server.Available ?? []).FirstOrDefault(one => !one.Remote && ModelName.Comparer.Equals(ModelName.Whole(one.Name), name));
        return onDisk?.SizeBytes is > 0 and var size ? ((long)(size * OnDiskFactor) + BesideWeightsBytes, NeedSource.Estimated) : null;
    }

    /// <summary>Models that are known, for those who misspelt one.</summary>
    public static IReadOnlyList<string> Known(IReadOnlyList<LlmServer> servers) =>
        [.. servers.SelectMany(server => (server.Available ?? []).Where(model => !model.Remote).Select(model => model.Name).Concat(server.Resident.Select(model => model.Name)))
            .Distinct(ModelName.Comparer).Order(StringComparer.Ordinal)];
}
