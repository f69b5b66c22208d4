using GpuPlatform.Collector.Host;
using GpuPlatform.Contracts;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Sampling;

/// <summary>One tick's result. <see cref="SampledAt"/> is null while nothing was read.</summary>
internal sealed record GpuSnapshot(DateTimeOffset? SampledAt, SourceInfo Source, IReadOnlyList<GpuSample> Gpus);

/// <summary>The last sample of this host, written by the samplers, read by the API, the metrics and the health checks.</summary>
internal sealed class LatestSample(IOptions<SamplingOptions> sampling, TimeProvider clock)
{
    private GpuSnapshot _gpus = new(null, new SourceInfo(SourceInfo.None, "the first reading is still to come"), []);
    private readonly TaskCompletionSource _firstLook = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HostSampled? _host;
    private long _sampleCount;

    /// <summary>Ticks on which GPUs were read and the result was sent, since start: what the history must hold in the end.</summary>
    public long SampleCount => Interlocked.Read(ref _sampleCount);

    public GpuSnapshot Gpus
    {
        get => Volatile.Read(ref _gpus);
        set
        {
            Volatile.Write(ref _gpus, value);
            _firstLook.TrySetResult();
        }
    }

    /// <summary>Ends when the GPUs were looked at for the first time, with whatever result.</summary>
    public Task FirstLook => _firstLook.Task;

    public HostSampled? Host
    {
        get => Volatile.Read(ref _host);
        set => Volatile.Write(ref _host, value);
    }

    public void CountSample() => Interlocked.Increment(ref _sampleCount);

    /// <summary>Why the snapshot holds no reading of the present, in words; null when it does.</summary>
    public string? UnavailableReason(GpuSnapshot snapshot) => snapshot.Source.UnavailableReason
        ?? (snapshot.SampledAt is { } at && IsStale(at) ? "no reading has come for some time; a driver call may hang" : null);

    /// <summary>True when the sampler has not come back for so long that the last sample does not speak of the present.</summary>
    public bool IsStale(DateTimeOffset sampledAt) =>
        clock.GetUtcNow() - sampledAt > sampling.Value.Interval * SamplingOptions.StaleAfterIntervals;
}
