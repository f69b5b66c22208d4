using GpuPlatform.Collector.Ollama.Models;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Guard;

/// <summary>One GPU of the host with everything the guard knows of it.</summary>
internal sealed class GuardedGpu(string uuid, GuardOptions options, TakerRules rules)
{
    // What a file says in which a clock went wrong must not hold for years
    private static readonly TimeSpan LongestChoice = TimeSpan.FromDays(7);

    // As much as a window takes
    private const long SmallBytes = 64L << 20;

    private DateTimeOffset _lastChangeAt;
    private (DateTimeOffset? ReadAt, long UsedBytes) _counted;
    private TimeSpan? _choiceEndsAt;

    public string Uuid => uuid;

    public int Index { get; set; } = -1;

    public GuardMachine Machine { get; } = new(options);

    public GpuThrottle Throttle { get; } = new(options);

    public ProcessWatch Watch { get; } = new(rules);

    public HandOverSpans Spans { get; } = new();

    /// <summary>As it was last sampled; null before.</summary>
    public GpuView? View { get; set; }

    /// <summary>What it last told of itself; null before.</summary>
    public GpuDetails? Details { get; set; }

    /// <summary>The GPU it is an instance of (MIG); null when it is a whole one.</summary>
    public GuardedGpu? Whole { get; set; }

    /// <summary>Heat and faults are those of the whole.</summary>
    public GuardedGpu Board => Whole ?? this;

    /// <summary>When it was last among the GPUs of the host.</summary>
    public TimeSpan ListedAt { get; set; }

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

    /// <summary>
    /// Whether so much memory has come into use since its processes were read, or since this was last true, that somebody may be there whom nothing else
    /// told of: a program that opened the GPU long after it began, or one whose files this user may not see.
    /// </summary>
    public bool HasGrown(long bytes)
    {
        if (View is not { Sample.MemoryUsedBytes: { } used } view) return false;
        var hasGrown = _counted.ReadAt == view.ProcessesReadAt && used - _counted.UsedBytes >= Math.Max(bytes, SmallBytes);
        if (hasGrown || _counted.ReadAt != view.ProcessesReadAt || used < _counted.UsedBytes) _counted = (view.ProcessesReadAt, used);
        return hasGrown;
    }

    /// <summary>Takes note of what a person wants.</summary>
    public void Choose(ManualChoice choice, TimeProvider time)
    {
        var rest = choice.Until - time.GetUtcNow();
        (Manual, _choiceEndsAt) = (choice, time.Monotonic() + (rest < LongestChoice ? rest : rest is null ? null : LongestChoice));
    }

    /// <summary>Whether its time is over, by the clock or by the time that has passed: the first may be set back, the second stands still in sleep.</summary>
    public bool IsChoiceOver(TimeProvider time) => Manual is { Until: { } until } && (time.GetUtcNow() >= until || time.Monotonic() >= _choiceEndsAt);

    public void Restore(GpuMemory memory, TimeProvider time)
    {
        (Seen, ChangedAt) = (memory.Seen, time.GetUtcNow());
        if (memory.Manual is { } choice) Choose(choice, time);
        if (IsChoiceOver(time)) Manual = null;
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
