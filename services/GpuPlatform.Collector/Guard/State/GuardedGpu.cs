using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Guard;

/// <summary>One GPU of the host with everything the guard knows of it.</summary>
internal sealed class GuardedGpu(string uuid, GuardOptions options, TakerRules rules)
{
    private DateTimeOffset _lastChangeAt;

    public string Uuid => uuid;

    public int Index { get; set; } = -1;

    public GuardMachine Machine { get; } = new(options);

    public GpuThrottle Throttle { get; } = new(options);

    public ProcessWatch Watch { get; } = new(rules);

    public HandOverSpans Spans { get; } = new();

    /// <summary>As it was last sampled; null before.</summary>
    public GpuView? View { get; set; }

    /// <summary>Whether its processes were read once, or cannot be.</summary>
    public bool IsKnown { get; set; }

    /// <summary>UTC instant of the last change; of the collector's start before the first.</summary>
    public DateTimeOffset ChangedAt { get; set; }

    public ManualChoice? Manual { get; set; }

    public SeenFaults? Seen { get; set; }

    /// <summary>Models this hand-over sent away, to come back.</summary>
    public List<ModelMemory> Models { get; } = [];

    public int CancelledCount { get; set; }

    /// <summary>Requests that waited when it came back: they bring the models they want themselves.</summary>
    public bool WasWaitedFor { get; set; }

    /// <summary>When its models were last told to leave: looks before that say nothing.</summary>
    public TimeSpan UnloadAskedAt { get; set; }

    /// <summary>The same for all changes of the throttle while serving.</summary>
    public Guid ThrottleId { get; set; }

    public long? MemoryUsedBeforeBytes { get; set; }

    /// <summary>The most that each server's processes held in this hand-over.</summary>
    public Dictionary<string, long> RunnerBytesBefore { get; } = [];

    /// <summary>Processes of model servers on it now, by server; <c>""</c> of servers that are not configured.</summary>
    public ILookup<string, OwnProcess> Own { get; set; } = Array.Empty<OwnProcess>().ToLookup(_ => "");

    /// <summary>What strangers do on it now.</summary>
    public Judgement Strangers { get; set; }

    /// <summary>Who wants it now; null: nobody.</summary>
    public GuardDemand? Wanted { get; set; }

    /// <summary>Whether a game that announced itself may be on it.</summary>
    public bool MayBePlayedOn { get; set; }

    /// <summary>A later instant than any before it, in whole milliseconds: by it a change is known.</summary>
    public DateTimeOffset NextChangeAt(DateTimeOffset now)
    {
        var at = GpuSampler.WholeMilliseconds(now);
        return _lastChangeAt = at > _lastChangeAt ? at : _lastChangeAt.AddMilliseconds(1);
    }

    public void Restore(GpuMemory memory, DateTimeOffset now)
    {
        (Manual, Seen, ChangedAt) = (memory.Manual?.IsOver(now) == true ? null : memory.Manual, memory.Seen, now);
        if (memory.State == GuardState.Serving) return;
        Machine.Restore(memory.HandOverId ?? Guid.NewGuid(), new GuardDemand(memory.Cause, memory.Reason) { Process = memory.Process });
        MemoryUsedBeforeBytes = memory.MemoryUsedBeforeBytes;
        Models.AddRange(memory.Models);
        Spans.Restore(memory.TraceParent);
    }

    public GpuMemory ToMemory() => new()
    {
        GpuUuid = uuid, State = Machine.State, HandOverId = Machine.HandOverId, Cause = Machine.Demand?.Cause ?? GuardCause.Unknown, Reason = Machine.Demand?.Reason ?? "",
        Process = Machine.Demand?.Process, Manual = Manual, Seen = Seen,
        MemoryUsedBeforeBytes = Machine.State == GuardState.Serving ? null : MemoryUsedBeforeBytes,
        TraceParent = Machine.State == GuardState.Serving ? null : Spans.TraceParent, Models = Machine.State == GuardState.Serving ? [] : [.. Models],
    };
}

/// <summary>A process of a model server on a GPU.</summary>
/// <param name="Facts">What is known of it.</param>
/// <param name="MemoryBytes">What it holds there.</param>
/// <param name="IsRunner">See <see cref="OwnProcesses.Owner"/>.</param>
internal sealed record OwnProcess(GpuProcessObserved Facts, long? MemoryBytes, bool IsRunner);
