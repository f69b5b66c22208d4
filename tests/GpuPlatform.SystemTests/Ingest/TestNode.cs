using GpuPlatform.Contracts;

namespace GpuPlatform.SystemTests.Ingest;

/// <summary>A host of its own for each test, with the messages that it could send. Instants are seconds after <see cref="Origin"/>.</summary>
internal sealed class TestNode
{
    // Sorted behind the simulated host and its GPUs, which other tests expect to be first.
    readonly string _id = $"zz-{Guid.NewGuid():n}";

    public TestNode(double secondsAgo = 60)
    {
        var now = DateTimeOffset.UtcNow.AddSeconds(-secondsAgo);
        Origin = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
    }

    public DateTimeOffset Origin { get; init; }

    public string NodeId => _id;

    public string GpuUuid => $"{_id}-gpu";

    public DateTimeOffset Started => Origin.AddHours(-1);

    public DateTimeOffset At(double seconds) => Origin.AddSeconds(seconds);

    public HostSampled Heartbeat(double seconds) => new()
    {
        NodeId = NodeId,
        SampledAt = At(seconds),
        CpuPercent = 12.5,
        MemoryTotalBytes = 64L << 30,
        MemoryUsedBytes = 8L << 30,
        LogicalProcessorCount = 8,
        Collector = new CollectorStatus { Version = "1.0", GpuSource = "nvml", GuardEnabled = true },
    };

    public GpuSample Gpu => new()
    {
        Uuid = GpuUuid,
        Index = 0,
        Name = "Test GPU",
        UtilizationPercent = 50,
        MemoryTotalBytes = 24L << 30,
        MemoryUsedBytes = 6L << 30,
        TemperatureCelsius = 61,
        PowerWatts = 250,
    };

    /// <summary>A tick; with a list of processes when there is one, else as a collector that could not read it.</summary>
    public GpuSampled Tick(double seconds, IReadOnlyList<GpuProcessUsage>? processes = null) =>
        new() { NodeId = NodeId, SampledAt = At(seconds), Gpus = [Gpu with { Processes = processes }] };

    public GpuProcessUsage Usage(int pid, long memoryBytes = 1 << 30) => new() { Pid = pid, StartedAt = Started, MemoryUsedBytes = memoryBytes };

    public GpuProcessObserved Observed(int pid, ProcessChange change, double seconds, string? name = null, long? memoryBytes = null) => new()
    {
        NodeId = NodeId,
        GpuUuid = GpuUuid,
        Pid = pid,
        StartedAt = Started,
        Change = change,
        ObservedAt = At(seconds),
        Name = name ?? $"process-{pid}",
        CommandLine = ["process", "--quiet"],
        Scope = new() { Runtime = ProcessRuntime.Docker, ContainerId = new string('c', 64), PodUid = "pod", Unit = "u.service", ApplicationId = "app" },
        Environment = new Dictionary<string, string> { ["CUDA_VISIBLE_DEVICES"] = "0,1", ["WINEPREFIX"] = "a \"quoted\" b" },
        Context = GpuContext.Compute,
        MemoryUsedBytes = memoryBytes,
    };

    /// <summary>A verdict that is surer than any of the running classifier, which answers the same observations.</summary>
    public ProcessClassified Verdict(int pid, WorkloadKind kind, double seconds) => new()
    {
        NodeId = NodeId,
        Pid = pid,
        StartedAt = Started,
        Kind = kind,
        Confidence = 1,
        Rule = $"test/{kind}",
        Reason = "the test says so",
        ObservedAt = At(seconds),
    };
}
