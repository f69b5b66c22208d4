namespace GpuPlatform.Contracts;

/// <summary>Paths of the public APIs.</summary>
public static class Routes
{
    /// <summary>History: the latest of everything, a <see cref="RealtimeSnapshot"/>.</summary>
    public const string Realtime = "/api/realtime";

    /// <summary>History: a range of time, <c>?hours=</c>, a <see cref="HistoricalSeries"/>.</summary>
    public const string Historical = "/api/historical";

    /// <summary>History: server-sent events of type <c>node</c>, each a <see cref="NodeSnapshot"/>.</summary>
    public const string Live = "/api/live";

    /// <summary>Collector: the GPUs of its host, a <see cref="GpuDeviceList"/>.</summary>
    public const string GpuDevices = "/api/gpu/devices";

    /// <summary>Collector: driver versions, a <see cref="GpuDriver"/>.</summary>
    public const string GpuDriver = "/api/gpu/driver";

    /// <summary>Collector: all GPUs of its host in one figure each, a <see cref="Contracts.GpuSummary"/>.</summary>
    public const string GpuSummary = "/api/gpu/summary";

    /// <summary>Collector: everything known of every GPU, a <see cref="GpuReportList"/>.</summary>
    public const string GpuMetrics = "/api/gpu/metrics";

    /// <summary>Collector: the processes on all GPUs, a <see cref="GpuProcessList"/>.</summary>
    public const string GpuProcesses = "/api/gpu/processes";

    /// <summary>Collector: whether it keeps away from dear driver calls, a <see cref="Contracts.GameMode"/>; a <see cref="GameModeRequest"/> switches it.</summary>
    public const string GameMode = "/api/gpu/game-mode";

    /// <summary>Collector: how it is, a <see cref="CollectorHealthReport"/>.</summary>
    public const string Health = "/api/health";

    /// <summary>Collector: requests that ended of late, newest first, an <see cref="LlmRequestList"/>.</summary>
    public const string LlmRequests = "/api/llm/requests";

    /// <summary>Collector: requests under way, an <see cref="LlmInFlightList"/>; <c>DELETE</c> with an id behind it cancels one.</summary>
    public const string LlmInFlight = "/api/llm/inflight";

    /// <summary>Collector: its model servers and their models, an <see cref="LlmServerList"/>.</summary>
    public const string LlmModels = "/api/llm/models";

    /// <summary>History: requests of a range of time, an <see cref="LlmSessionPage"/>.</summary>
    public const string LlmSessions = "/api/llm-sessions";

    /// <summary>History: figures of a range of time by model and by client, an <see cref="LlmUsage"/>.</summary>
    public const string LlmUsage = "/api/llm-usage";

    /// <summary>Collector: to whom each GPU belongs, a <see cref="GuardReport"/>.</summary>
    public const string Guard = "/api/guard";

    /// <summary>Collector: <c>POST</c> a <see cref="GuardRequest"/>: the models leave the GPU now. History: a <see cref="NodeGuardRequest"/>, the same on any host.</summary>
    public const string GuardYield = "/api/guard/yield";

    /// <summary>Collector: <c>POST</c> a <see cref="GuardRequest"/>: what was yielded by hand is taken back, whoever else is there. History: likewise.</summary>
    public const string GuardResume = "/api/guard/resume";

    /// <summary>Collector: memory of each GPU and who has it, a <see cref="CapacityReport"/>. History: of all hosts, a <see cref="RackCapacity"/>.</summary>
    public const string Capacity = "/api/capacity";

    /// <summary>Collector: where a model would fit, <c>?model=</c> or <c>?vram=</c>, a <see cref="PlacementReport"/>. History: on which host, a <see cref="RackPlacement"/>.</summary>
    public const string Placement = "/api/capacity/placement";

    /// <summary>Classifier: <c>POST</c> one descriptor or an array of them: what kind of work each is, and why.</summary>
    public const string Classify = "/api/classify";

    /// <summary>Classifier: the rules, a user's before the built-in ones.</summary>
    public const string Rules = "/api/rules";

    /// <summary>History: steps of handing GPUs over in a range of time, a <see cref="GuardEventPage"/>.</summary>
    public const string GuardEvents = "/api/guard-events";

    /// <summary>History: processes on GPUs in a range of time, with kind, memory and energy, a <see cref="ProcessSessionPage"/>.</summary>
    public const string ProcessSessions = "/api/process-sessions";

    /// <summary>History: use of GPUs by kind of work and hour, a <see cref="Contracts.KindUsage"/>.</summary>
    public const string KindUsage = "/api/kind-usage";
}
