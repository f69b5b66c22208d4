namespace GpuPlatform.Contracts;

/// <summary>Answer of <see cref="Routes.Realtime"/>: the latest of everything.</summary>
public sealed record RealtimeSnapshot
{
    /// <summary>UTC instant at which the answer was made.</summary>
    public required DateTimeOffset GeneratedAt { get; init; }

    /// <summary>Every node that reported within the retention of live state, ordered by id.</summary>
    public required IReadOnlyList<NodeSnapshot> Nodes { get; init; }
}

/// <summary>The latest of one node. Also the data of every event of <see cref="Routes.Live"/>.</summary>
public sealed record NodeSnapshot
{
    /// <summary>The host's id.</summary>
    public required string NodeId { get; init; }

    /// <summary>UTC instant of the newest reading of any kind from this node.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>True when nothing has come from this node for longer than <c>History:StaleAfter</c>; its readings are then history.</summary>
    public required bool Stale { get; init; }

    /// <summary>UTC instant of the newest GPU reading; null when there never was one.</summary>
    public DateTimeOffset? GpusSampledAt { get; init; }

    /// <summary>
    /// The newest reading of each GPU, ordered by index, with the newest details of one that answers and the instant they were read.
    /// </summary>
    public required IReadOnlyList<GpuSample> Gpus { get; init; }

    /// <summary>The newest heartbeat; null before the first.</summary>
    public HostSampled? Host { get; init; }

    /// <summary>Processes on this node's GPUs, largest memory first.</summary>
    public required IReadOnlyList<GpuProcess> Processes { get; init; }

    /// <summary>What its model servers do; null when its collector has none.</summary>
    public LlmActivity? Llm { get; init; }

    /// <summary>The last step of the hand-over of each GPU whose guard has said something.</summary>
    public IReadOnlyList<GuardChanged> Guard { get; init => field = value ?? []; } = []; // generated readers set what is absent to null
}

/// <summary>One process on one GPU, with what the classifier says of it.</summary>
public sealed record GpuProcess
{
    /// <summary>The GPU.</summary>
    public required string GpuUuid { get; init; }

    /// <summary>Process id in the host's pid namespace.</summary>
    public required int Pid { get; init; }

    /// <summary>UTC start time of the process.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Short name; null when it could not be read.</summary>
    public string? Name { get; init; }

    /// <summary>Path of the executable.</summary>
    public string? ExecutablePath { get; init; }

    /// <summary>Arguments, secrets removed.</summary>
    public IReadOnlyList<string>? CommandLine { get; init; }

    /// <summary>Owner.</summary>
    public string? UserName { get; init; }

    /// <summary>Container, pod, unit and application, as far as its control group says.</summary>
    public ProcessScope? Scope { get; init; }

    /// <summary>Environment variables that tell what it is for; null where they could not be read.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary>Driver context.</summary>
    public GpuContext? Context { get; init; }

    /// <summary>Device memory, in bytes; null when the driver did not say.</summary>
    public long? MemoryUsedBytes { get; init; }

    /// <summary>Share of time its kernels ran, 0–100 %, when the processes were last listed; null when the driver did not say.</summary>
    public double? SmPercent { get; init; }

    /// <summary>Share of time it read or wrote device memory, 0–100 %, likewise.</summary>
    public double? MemoryPercent { get; init; }

    /// <summary>Share of the encoder, 0–100 %, likewise.</summary>
    public double? EncoderPercent { get; init; }

    /// <summary>Share of the decoder, 0–100 %, likewise.</summary>
    public double? DecoderPercent { get; init; }

    /// <summary>Kind of work; null until the classifier has answered.</summary>
    public WorkloadKind? Kind { get; init; }

    /// <summary>Confidence of the verdict, 0–1.</summary>
    public double? Confidence { get; init; }

    /// <summary>Name of the rule that decided.</summary>
    public string? Rule { get; init; }

    /// <summary>What the rule saw, in words.</summary>
    public string? Reason { get; init; }

    /// <summary>Every rule that fired, the one that decided first.</summary>
    public IReadOnlyList<FiredRule>? Rules { get; init; }
}
