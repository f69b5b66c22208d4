using GpuPlatform.Collector.Host;
using GpuPlatform.Contracts;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Sampling;

/// <summary>One tick's result. <see cref="SampledAt"/> is null while nothing was read.</summary>
internal sealed record GpuSnapshot(DateTimeOffset? SampledAt, SourceInfo Source, IReadOnlyList<GpuSample> Gpus)
{
    /// <summary>Every source by itself; <see cref="Source"/> is all of them together.</summary>
    public IReadOnlyList<SourceInfo> Sources { get; init; } = [Source];

    /// <summary>One for each of <see cref="Gpus"/>: with what earlier ticks read and this one did not.</summary>
    public IReadOnlyList<GpuView> Views { get; init; } = [];

    public GpuView? ViewOf(string uuid)
    {
        foreach (var view in Views)
            if (view.Sample.Uuid == uuid)
                return view;
        return null;
    }
}

/// <summary>The newest of everything about one GPU, and when it was read.</summary>
internal sealed record GpuView(GpuSample Sample)
{
    public GpuDetails? Details { get; init; }

    public DateTimeOffset? DetailsReadAt { get; init; }

    public IReadOnlyList<GpuProcessUsage>? Processes { get; init; }

    public DateTimeOffset? ProcessesReadAt { get; init; }

    /// <summary>The view after another tick. A GPU that does not answer has no details and no processes, old ones neither.</summary>
    public static GpuView Next(GpuView? previous, GpuSample sample, DateTimeOffset now)
    {
        if (sample.State != GpuState.Active)
            return new GpuView(sample);
        return new GpuView(sample)
        {
            Details = sample.Details ?? previous?.Details,
            DetailsReadAt = sample.Details is null ? previous?.DetailsReadAt : now,
            Processes = sample.Processes ?? previous?.Processes,
            ProcessesReadAt = sample.Processes is null ? previous?.ProcessesReadAt : now,
        };
    }
}

/// <summary>The last sample of this host, written by the samplers, read by the API, the metrics and the health checks.</summary>
internal sealed partial class LatestSample(IOptions<SamplingOptions> sampling, TimeProvider clock, ILogger<LatestSample>? logger = null)
{
    private GpuSnapshot _gpus = new(null, new SourceInfo(SourceInfo.None, "the first reading is still to come"), []);
    private readonly TaskCompletionSource _firstLook = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HostSampled? _host;
    private long _sampleCount;

    /// <summary>Ticks on which GPUs were read and the result was sent, since start: what the history must hold in the end.</summary>
    public long SampleCount => Interlocked.Read(ref _sampleCount);

    /// <summary>Called with every new sample on the thread that read it: must be quick.</summary>
    public event Action<GpuSnapshot>? Changed;

    public GpuSnapshot Gpus
    {
        get => Volatile.Read(ref _gpus);
        set
        {
            Volatile.Write(ref _gpus, value);
            _firstLook.TrySetResult();
            Tell(value);
        }
    }

    /// <summary>Ends when the GPUs were looked at for the first time, with whatever result.</summary>
    public Task FirstLook => _firstLook.Task;

    public HostSampled? Host
    {
        get => Volatile.Read(ref _host);
        set => Volatile.Write(ref _host, value);
    }

    /// <summary>The processes on the GPUs, as last published.</summary>
    public LiveProcesses Processes { get; } = new();

    public void CountSample() => Interlocked.Increment(ref _sampleCount);

    /// <summary>Why the snapshot holds no reading of the present, in words; null when it does.</summary>
    public string? UnavailableReason(GpuSnapshot snapshot) => snapshot.Source.UnavailableReason
        ?? (snapshot.SampledAt is { } at && IsStale(at) ? "no reading has come for some time; a driver call may hang" : null);

    /// <summary>True when the sampler has not come back for so long that the last sample does not speak of the present.</summary>
    public bool IsStale(DateTimeOffset sampledAt) =>
        clock.GetUtcNow() - sampledAt > sampling.Value.Interval * SamplingOptions.StaleAfterIntervals;

    private void Tell(GpuSnapshot snapshot)
    {
        try
        {
            Changed?.Invoke(snapshot);
        }
        catch (Exception e)
        {
            // The sample is still to be sent
            Log.NotTaken(logger ?? NullLogger<LatestSample>.Instance, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A new sample could not be taken by whoever follows them")]
        public static partial void NotTaken(ILogger logger, Exception exception);
    }
}
