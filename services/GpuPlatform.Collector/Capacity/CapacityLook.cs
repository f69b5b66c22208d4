using System.Collections.Concurrent;
using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Ollama.Models;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Capacity;

/// <summary>The memory of this host's GPUs now, and where something would fit. Reads what the samplers know; asks nobody.</summary>
/// <param name="nodeId">The host.</param>
/// <param name="latest">The samples.</param>
/// <param name="present">What of them speaks of the present.</param>
/// <param name="verdicts">Kinds of processes.</param>
/// <param name="servers">The model servers.</param>
/// <param name="sizes">What models need.</param>
/// <param name="guard">Who has each GPU.</param>
internal sealed class CapacityLook(
    string nodeId, LatestSample latest, PresentGpus present, IVerdicts verdicts, ILlmServers servers, ModelSizes sizes, HostGuard guard)
{
    private readonly ConcurrentDictionary<string, MemoryTrend> _trends = new(StringComparer.Ordinal);

    /// <summary>Takes note of every sample, so that there is a trend.</summary>
    public void Note(GpuSnapshot snapshot)
    {
        if (snapshot.SampledAt is not { } at) return;
        foreach (var gpu in snapshot.Gpus)
            if (gpu.MemoryUsedBytes is { } used)
            {
                var trend = _trends.GetOrAdd(gpu.Uuid, _ => new MemoryTrend());
                lock (trend) trend.Note(at, used);
            }
    }

    public CapacityReport Report()
    {
        var views = present.Read();
        return new CapacityReport { NodeId = nodeId, SampledAt = views.Count == 0 ? null : latest.Gpus.SampledAt, Gpus = [.. views.Select(Capacity)] };
    }

    /// <summary>Where a model would fit; null when nobody knows it.</summary>
    public PlacementReport? PlaceModel(string model) => sizes.Of(model, servers.Current) is { } need ? Place(need.Bytes, need.Source, model) : null;

    /// <summary>Models that a server of this host knows the size of.</summary>
    public IReadOnlyList<string> KnownModels => ModelSizes.Known(servers.Current);

    /// <summary>Where so much memory would fit.</summary>
    public PlacementReport Place(long neededBytes, NeedSource source = NeedSource.Asked, string? model = null)
    {
        var gpus = Report().Gpus;
        var isResident = model is not null && servers.Current.Any(server => server.Resident.Any(resident => ModelName.Comparer.Equals(
            ModelName.Whole(resident.Name), ModelName.Whole(model))));
        var holders = isResident ? gpus.Where(gpu => gpu.ReclaimableBytes > 0).Select(gpu => gpu.GpuUuid).ToHashSet() : null;
        // A server does not say on which GPU a model is; it is where its processes are
        var placements = Placement.Of(gpus, neededBytes, holders);
        var (fit, uuid, reason) = Placement.Best(placements, gpus, neededBytes);
        return new PlacementReport
        {
            NodeId = nodeId, Model = model, NeededBytes = neededBytes, NeededFrom = source, Fit = fit, GpuUuid = uuid, Reason = reason, Gpus = placements,
        };
    }

    private GpuCapacity Capacity(GpuView view)
    {
        var gpu = view.Sample;
        var (state, own) = guard.Look(gpu.Uuid);
        return new GpuCapacity
        {
            GpuUuid = gpu.Uuid,
            GpuIndex = gpu.Index,
            Name = gpu.Name,
            State = state,
            TotalBytes = gpu.MemoryTotalBytes,
            FreeBytes = gpu.MemoryFreeBytes ?? gpu.MemoryTotalBytes - gpu.MemoryUsedBytes,
            ReclaimableBytes = view.Processes?.Where(process => own.Contains(process.Pid)).Sum(process => process.MemoryUsedBytes ?? 0),
            UsedByKind = view.Processes is not { } processes ? null :
            [
                .. processes.GroupBy(process => KindOf(process, own))
                    .Select(kind => new KindMemory(kind.Key, kind.Sum(process => process.MemoryUsedBytes ?? 0), kind.Count()))
                    .OrderByDescending(kind => kind.Bytes),
            ],
            TrendBytesPerMinute = TrendOf(gpu.Uuid),
        };
    }

    private WorkloadKind? KindOf(GpuProcessUsage process, IReadOnlySet<int> own) =>
        verdicts.Find(process.Pid, process.StartedAt)?.Verdict.Kind ?? (own.Contains(process.Pid) ? WorkloadKind.LlmInference : null);

    private double? TrendOf(string uuid)
    {
        if (!_trends.TryGetValue(uuid, out var trend)) return null;
        lock (trend) return trend.PerMinute();
    }
}
