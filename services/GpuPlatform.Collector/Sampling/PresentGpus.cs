using GpuPlatform.Contracts;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Sampling;

/// <summary>What may be shown as the present. A reading outlives its tick, but neither for ever nor longer than the process it speaks of.</summary>
internal sealed class PresentGpus(LatestSample latest, SamplingPace pace, IOptions<SamplingOptions> sampling, TimeProvider clock)
{
    /// <summary>Details and process lists older than this many of their intervals are history.</summary>
    private const int StaleAfterIntervals = 3;

    /// <summary>The GPUs of the last tick; none when it is too long ago to speak of the present.</summary>
    public IReadOnlyList<GpuView> Read() =>
        latest.Gpus is { SampledAt: { } at } snapshot && !latest.IsStale(at) ? [.. snapshot.Gpus.Select(gpu => View(snapshot, gpu, at))] : [];

    /// <summary>One GPU of a sample, whatever its age, with details and processes that are not too old.</summary>
    public GpuView View(GpuSnapshot snapshot, GpuSample gpu, DateTimeOffset sampledAt)
    {
        var view = Living(snapshot.ViewOf(gpu.Uuid) ?? GpuView.Next(null, gpu, sampledAt));
        if (IsOld(view.DetailsReadAt, sampling.Value.DetailInterval))
            view = view with { Details = null, DetailsReadAt = null };
        return IsOld(view.ProcessesReadAt, pace.ProcessInterval) ? view with { Processes = null, ProcessesReadAt = null } : view;
    }

    /// <summary>The view without the processes that ended since their list was read.</summary>
    public GpuView Living(GpuView view) => view.Processes is not { } processes
        ? view
        : view with { Processes = [.. processes.Where(process => latest.Processes.Find(view.Sample.Uuid, process) is not null)] };

    private bool IsOld(DateTimeOffset? readAt, TimeSpan interval) => readAt is { } at && clock.GetUtcNow() - at > interval * StaleAfterIntervals;
}
