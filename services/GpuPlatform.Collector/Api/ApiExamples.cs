using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Guard.Verdicts;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Api;

/// <summary>The answers of an invented host with one GPU and one process, for the OpenAPI document.</summary>
internal static class ApiExamples
{
    private const string Uuid = "GPU-6b8f1c1e-2f60-4f52-9d1e-0c3a7a3f1b21";
    private static readonly DateTimeOffset SampledAt = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly GpuAnswers Answers = Invent();

    public static ApiExample<ApiIndex> Index => new(GpuApi.Contents, ApiJson.Default.ApiIndex);

    public static ApiExample<GpuDeviceList> Devices => new(Answers.Devices(), ApiJson.Default.GpuDeviceList);

    public static ApiExample<GpuDriver> Driver => new(Answers.Driver(), ApiJson.Default.GpuDriver);

    public static ApiExample<GpuSummary> Summary => new(Answers.Summary(), ApiJson.Default.GpuSummary);

    public static ApiExample<GpuReportList> Reports => new(Answers.Reports(), ApiJson.Default.GpuReportList);

    public static ApiExample<GpuProcessList> Processes => new(Answers.Processes(), ApiJson.Default.GpuProcessList);

    public static ApiExample<GameMode> GameMode => new(new GameMode { On = true, Until = SampledAt.AddHours(1) }, ApiJson.Default.GameMode)
    {
        Request = """{"on":true,"minutes":60}""",
    };

    public static ApiExample<CollectorHealthReport> Health => new(new CollectorHealthReport
    {
        SampledAt = SampledAt,
        AgeSeconds = 0,
        Status = "degraded",
        Version = "1.0.0",
        Problems = ["The broker takes no messages: 12 wait, 0 were dropped since start."],
        Checks = [new("broker", "degraded", "The broker takes no messages: 12 wait, 0 were dropped since start."), new("gpu", "healthy", "1 GPU(s) from nvml")],
        Sources = [new GpuSourceStatus { Name = SourceInfo.Nvml, IsAvailable = true, DriverVersion = "570.86.15" }],
        GameMode = false,
        MessagesQueued = 12,
        MessagesDropped = 0,
    }, ApiJson.Default.CollectorHealthReport);

    private static GpuAnswers Invent()
    {
        var clock = new StoppedClock();
        var sampling = Options.Create(new SamplingOptions());
        var latest = new LatestSample(sampling, clock);
        var startedAt = SampledAt.AddHours(-2);
        latest.Processes.Note(new GpuProcessObserved
        {
            NodeId = "desk", GpuUuid = Uuid, Pid = 4711, StartedAt = startedAt, Change = ProcessChange.Started, ObservedAt = startedAt, Name = "ollama",
            ExecutablePath = "/usr/local/bin/ollama", CommandLine = ["ollama", "runner", "--port", "35991"], UserName = "ollama", Ancestors = ["ollama", "systemd"],
            ControlGroup = "/system.slice/ollama.service", Context = GpuContext.Compute,
        });
        var verdicts = new VerdictStore(latest.Processes);
        verdicts.Add(new ReceivedVerdict(new ProcessClassified
        {
            NodeId = "desk", Pid = 4711, StartedAt = startedAt, Kind = WorkloadKind.LlmInference, Confidence = 0.95, Rule = "llm/ollama-runner",
            Reason = "a runner of Ollama: 'ollama runner'", ObservedAt = startedAt,
        }, TraceParent: null), SampledAt);
        var gpu = Gpu() with { Details = Details(), Processes = [new() { Pid = 4711, StartedAt = startedAt, MemoryUsedBytes = 9L << 30, SmPercent = 87 }] };
        latest.Gpus = new GpuSnapshot(SampledAt, new SourceInfo(SourceInfo.Nvml) { DriverVersion = "570.86.15", CudaVersion = "12.8", NvmlVersion = "12.570.86.15" }, [gpu])
        {
            Views = [GpuView.Next(null, gpu, SampledAt)],
        };
        return new GpuAnswers(latest, new PresentGpus(latest, new SamplingPace(sampling, clock), sampling, clock), verdicts, clock);
    }

    private static GpuSample Gpu() => new()
    {
        Uuid = Uuid, Index = 0, Name = "NVIDIA GeForce RTX 4090", UtilizationPercent = 87, MemoryUtilizationPercent = 61, MemoryTotalBytes = 24L << 30,
        MemoryUsedBytes = 10L << 30, MemoryFreeBytes = 13L << 30, MemoryReservedBytes = 1L << 30, TemperatureCelsius = 66, PowerWatts = 341.5,
        PowerLimitWatts = 450, EnergyJoules = 1_284_551.2,
    };

    private static GpuDetails Details() => new()
    {
        MemoryTemperatureCelsius = 74, Fans = [new GpuFan { SpeedPercent = 48, SpeedRpm = 1650 }], GraphicsClockMegahertz = 2520, SmClockMegahertz = 2520,
        MemoryClockMegahertz = 10501, VideoClockMegahertz = 1980, PerformanceState = 2, ThrottleReasons = [GpuThrottleReason.PowerLimit], PowerThrottleSeconds = 12.4,
        EncoderUtilizationPercent = 0, DecoderUtilizationPercent = 0, PcieGeneration = 4, PcieLaneCount = 16, PcieReplayCount = 0, Xids = [],
        Facts = new GpuFacts
        {
            Vendor = "nvidia", Source = SourceInfo.Nvml, PciBusId = "0000:01:00.0", DriverVersion = "570.86.15", ComputeCapability = "8.9", FanCount = 2,
            MaxGraphicsClockMegahertz = 3105, MaxPowerLimitWatts = 600, MaxPcieGeneration = 4, MaxPcieLaneCount = 16, SlowdownTemperatureCelsius = 87,
        },
    };

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => SampledAt;
    }
}
