using System.Text.Json.Serialization;

namespace GpuPlatform.Contracts;

/// <summary>What became of a process on a GPU.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ProcessChange>))]
public enum ProcessChange
{
    /// <summary>It was seen on this GPU for the first time.</summary>
    [JsonStringEnumMemberName("started")] Started,

    /// <summary>Something the classifier reads has changed: context, command line or a large step in memory.</summary>
    [JsonStringEnumMemberName("changed")] Changed,

    /// <summary>It no longer holds a context on this GPU.</summary>
    [JsonStringEnumMemberName("exited")] Exited,
}

/// <summary>Which driver context a process holds, as the driver lists it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GpuContext>))]
public enum GpuContext
{
    /// <summary>The compute list only (<c>nvmlDeviceGetComputeRunningProcesses</c>).</summary>
    [JsonStringEnumMemberName("compute")] Compute,

    /// <summary>The graphics list only (<c>nvmlDeviceGetGraphicsRunningProcesses</c>).</summary>
    [JsonStringEnumMemberName("graphics")] Graphics,

    /// <summary>Both lists: typical for games that use DLSS or NVENC.</summary>
    [JsonStringEnumMemberName("compute+graphics")] ComputeAndGraphics,
}

/// <summary>
/// A process started, changed or exited on a GPU. Identity of the process is (<see cref="NodeId"/>, <see cref="Pid"/>,
/// <see cref="StartedAt"/>), of the row (…, <see cref="GpuUuid"/>). The classifier answers with <see cref="ProcessClassified"/>.
/// </summary>
public sealed record GpuProcessObserved
{
    /// <summary>The host's id.</summary>
    public required string NodeId { get; init; }

    /// <summary>The GPU the process holds a context on.</summary>
    public required string GpuUuid { get; init; }

    /// <summary>Process id in the host's pid namespace.</summary>
    public required int Pid { get; init; }

    /// <summary>UTC start time of the process.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>What happened.</summary>
    public required ProcessChange Change { get; init; }

    /// <summary>UTC instant at which it was seen.</summary>
    public required DateTimeOffset ObservedAt { get; init; }

    /// <summary>Short name (<c>/proc/PID/comm</c>, cut to 15 bytes by the kernel); null when the process was already gone.</summary>
    public string? Name { get; init; }

    /// <summary>Path of the executable (<c>/proc/PID/exe</c>); null where the collector may not read it.</summary>
    public string? ExecutablePath { get; init; }

    /// <summary>Arguments with secrets removed on the host (<c>/proc/PID/cmdline</c>); null where the collector may not read them.</summary>
    public IReadOnlyList<string>? CommandLine { get; init; }

    /// <summary>Owner's user name, else the numeric uid.</summary>
    public string? UserName { get; init; }

    /// <summary>Short names of the ancestors, parent first.</summary>
    public IReadOnlyList<string>? Ancestors { get; init; }

    /// <summary>Path in the unified control-group hierarchy, where there is none in systemd's (<c>/proc/PID/cgroup</c>).</summary>
    public string? ControlGroup { get; init; }

    /// <summary>What the control group says of container, pod, unit and application; null when it says nothing.</summary>
    public ProcessScope? Scope { get; init; }

    /// <summary>
    /// The few environment variables that tell what a process is for, by name, values redacted and bounded
    /// (<c>/proc/PID/environ</c>); empty when it has none of them, null where the collector may not read them.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary>Driver context of the process on this GPU.</summary>
    public GpuContext? Context { get; init; }

    /// <summary>Device memory of this process on this GPU, in bytes.</summary>
    public long? MemoryUsedBytes { get; init; }

    /// <summary>Its working directory (<c>/proc/PID/cwd</c>); null where the collector may not read it.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The game in one of the host's Steam libraries from whose folder it runs; null when there is none.</summary>
    public InstalledGame? Game { get; init; }

    /// <summary>Share of time its kernels ran, 0–100 %, when it was last listed.</summary>
    public double? SmPercent { get; init; }

    /// <summary>Share of the encoder, 0–100 %, likewise.</summary>
    public double? EncoderPercent { get; init; }

    /// <summary>Share of the decoder, 0–100 %, likewise.</summary>
    public double? DecoderPercent { get; init; }

    /// <summary>How it used the GPU over the last minutes; null before there are several readings.</summary>
    public ProcessCourse? Course { get; init; }
}

/// <summary>A game that Steam has installed (<c>steamapps/appmanifest_*.acf</c>).</summary>
public sealed record InstalledGame
{
    /// <summary>Steam's number for it.</summary>
    public required long AppId { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }
}

/// <summary>A process's use of a GPU over the last minutes, at most ten.</summary>
public sealed record ProcessCourse
{
    /// <summary>Time between the first and the last of these readings, in seconds.</summary>
    public required double SpanSeconds { get; init; }

    /// <summary>Mean share of time its kernels ran, 0–100 %.</summary>
    public double? SmMeanPercent { get; init; }

    /// <summary>Share of the readings in which its kernels ran at least 20 % of the time, 0–100 %.</summary>
    public double? SmBusyPercent { get; init; }

    /// <summary>Its device memory at the first of these readings, in bytes.</summary>
    public long? MemoryFirstBytes { get; init; }

    /// <summary>Its device memory at the last of these readings, in bytes.</summary>
    public long? MemoryLastBytes { get; init; }

    /// <summary>The most device memory in these readings, in bytes.</summary>
    public long? MemoryPeakBytes { get; init; }
}
