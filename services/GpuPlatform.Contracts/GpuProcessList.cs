namespace GpuPlatform.Contracts;

/// <summary>Answer of <see cref="Routes.GpuProcesses"/>: one row for each process and GPU.</summary>
public sealed record GpuProcessList : GpuAnswer
{
    /// <summary>The rows, by GPU and then by memory.</summary>
    public required IReadOnlyList<GpuProcessReport> Processes { get; init; }

    /// <summary>Length of <see cref="Processes"/>.</summary>
    public required int Count { get; init; }

    /// <summary>Age of the oldest list in the answer, in seconds; null when no list was read of late.</summary>
    public double? ProcessesAgeSeconds { get; init; }
}

/// <summary>One process on one GPU: what it uses and what is known of it. Null: not known, or not to be read by the collector.</summary>
public sealed record GpuProcessReport
{
    /// <summary>Process id in the host's pid namespace.</summary>
    public required int Pid { get; init; }

    /// <summary>UTC start time; with the pid it is the process's identity.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Position of the GPU on this host.</summary>
    public required int GpuIndex { get; init; }

    /// <summary>The GPU's identity.</summary>
    public required string GpuUuid { get; init; }

    /// <summary>Short name.</summary>
    public string? Name { get; init; }

    /// <summary>Path of the executable.</summary>
    public string? ExecutablePath { get; init; }

    /// <summary>Arguments with secrets removed.</summary>
    public IReadOnlyList<string>? CommandLine { get; init; }

    /// <summary>Owner's user name, else the numeric uid.</summary>
    public string? UserName { get; init; }

    /// <summary>Short names of the ancestors, parent first.</summary>
    public IReadOnlyList<string>? Ancestors { get; init; }

    /// <summary>Path in the unified control-group hierarchy.</summary>
    public string? ControlGroup { get; init; }

    /// <summary>Container, pod, unit or application it runs in.</summary>
    public ProcessScope? Scope { get; init; }

    /// <summary>The variables that tell what it is for, secrets removed; empty when it has none that counts.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary>Driver context on this GPU.</summary>
    public GpuContext? Context { get; init; }

    /// <summary>Device memory on this GPU, in bytes.</summary>
    public long? MemoryUsedBytes { get; init; }

    /// <summary>Share of time its kernels ran, 0–100 %.</summary>
    public double? SmPercent { get; init; }

    /// <summary>Share of time it read or wrote device memory, 0–100 %.</summary>
    public double? MemoryPercent { get; init; }

    /// <summary>Share of the encoder, 0–100 %.</summary>
    public double? EncoderPercent { get; init; }

    /// <summary>Share of the decoder, 0–100 %.</summary>
    public double? DecoderPercent { get; init; }

    /// <summary>What kind of work it does; not known before the classifier has answered, nor without a broker.</summary>
    public WorkloadKind? Kind { get; init; }

    /// <summary>How sure the classifier is, 0–1.</summary>
    public double? Confidence { get; init; }

    /// <summary>Name of the rule that decided.</summary>
    public string? Rule { get; init; }

    /// <summary>What the rule saw, in words.</summary>
    public string? Reason { get; init; }
}
