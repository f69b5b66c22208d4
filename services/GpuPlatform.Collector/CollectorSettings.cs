using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Guard.Gate;
using GpuPlatform.Collector.Metrics;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Collector.Uplink;
using GpuPlatform.ServiceDefaults.Settings;

namespace GpuPlatform.Collector;

/// <summary>Every key of the collector: a property of the options that has no line here cannot be set, and a test says so.</summary>
internal static class CollectorSettings
{
    public static SettingsCatalog Catalog { get; } = new()
    {
        Program = "GpuPlatform.Collector",
        Purpose = "reads this host's GPUs and their processes, publishes what it read, and serves it over HTTP",
        Commands = GuardCommand.Usage,
        Sections =
        [
            new SettingsSection<GpuOptions>(GpuOptions.Section)
                .Key(o => o.Source, "auto (NVML, else nvidia-smi, and AMD and Intel), nvml, nvidia-smi, drm (only AMD and Intel) or simulated (invented readings)")
                .Key(o => o.Root, "Where the host's /sys, /proc and /usr/share are; in a container, the folder they are mounted under")
                .Key(o => o.RequireNvml, "Whether the collector refuses to start, with the reason, where NVML does not work")
                .Key(o => o.StallAfter, "How long a call into a driver may take before the others go on without it")
                .Key(o => o.RetryInterval, "How often a source that is not available is tried again")
                .Key(o => o.Profiling, "Whether the profiling counters of GPUs that have them (Hopper and later) are read with the details")
                .Key(o => o.IdleRelease, "How long a GPU that can be powered down must be idle before it is let go, to sleep; zero never lets go")
                .Key(o => o.Simulated.Seed, "The same seed shows the same day")
                .Key(o => o.Simulated.Scene, "desktop (invented), or marked: this host's processes with GPUPLATFORM_SIMULATED_GPU=INDEX:MIB[:CONTEXT[:SM[:CELSIUS]]]"),
            new SettingsSection<SamplingOptions>(SamplingOptions.Section)
                .Key(o => o.Interval, "Time between two samples: the cheap readings of every GPU")
                .Key(o => o.DetailInterval, "Time between two readings of the dearer values: clocks, fans, throttling, error counters")
                .Key(o => o.ProcessInterval, "Time between two readings of the process lists, the dearest calls")
                .Key(o => o.GameProcessInterval, "The same while a game runs")
                .Key(o => o.HostInterval, "Time between two heartbeats of the host"),
            new SettingsSection<MetricsOptions>(MetricsOptions.Section)
                .Key(o => o.Gpumon, "Whether /metrics has the names gpumon_… too")
                .Key(o => o.Dcgm, "Whether /metrics has the names of dcgm-exporter up to 4.8 too")
                .Key(o => o.OpenTelemetry, "Whether readings go out over OTLP under OpenTelemetry's names hw.…")
                .Key(o => o.GenAi, "Version of OpenTelemetry's conventions (1.36, 1.37 or 1.41) by which requests at model servers are named gen_ai.… over OTLP and in traces; off, there are no such metrics")
                .Key(o => o.OpenTelemetryInPrometheus, "Whether /metrics has these too")
                .Key(o => o.Processes, "Whether /metrics has series for each process, not for their sums alone"),
            new SettingsSection<OllamaOptions>(OllamaOptions.Section)
                .Key(o => o.Listen, "Address at which clients reach Ollama through the proxy; empty, there is no proxy")
                .Key(o => o.Upstream, "Address of Ollama itself")
                .Key(o => o.InjectUsage, "Whether token counts are asked for in /v1 streams whose client did not, and taken out again on the way back")
                .Key(o => o.UserHeaderNames, "Headers in which applications forward their own user, by whom a request is counted, strongest first")
                .Key(o => o.FindClientProcess, "Whether the process that asks is looked for when it runs on this host")
                .Key(o => o.RecentRequests, "Requests that /api/llm/requests knows after their end")
                .Key(o => o.CaptureContent, "Whether prompts and replies are kept and sent to History; off, they are nowhere")
                .Key(o => o.CaptureBytes, "Most bytes that are kept of a request's body, and of a reply's")
                .Key(o => o.CaptureRetention, "How long the collector itself remembers what it kept")
                .Key(o => o.AllowedHosts, "Names under which the proxy may be reached beside those that Ollama accepts, divided by commas; a leading dot means all below, * any", "none")
                .Key(o => o.AllowedOrigins, "Origins of web pages that may use it beside those that Ollama accepts, divided by commas, as OLLAMA_ORIGINS is written", "none")
                .Keys("Keys:<name>", "Key by which the proxy knows a client, and without which it lets nobody in beyond loopback", isSecret: true)
                .Key(o => o.PollInterval, "Time between two looks at which models are in memory")
                .Key(o => o.Gpus, "UUIDs of the GPUs Ollama may use, divided by commas, or none; unset, those its processes are on, else all", "found out")
                .Keys("Servers:<name>:Listen", "Address at which clients reach a further model server through the proxy")
                .Keys("Servers:<name>:Upstream", "Address of that server itself")
                .Keys("Servers:<name>:Metrics", "Path of its own metrics, or off; unset, they are asked for where that is known to disturb nobody")
                .Keys("Servers:<name>:Gpus", "UUIDs of the GPUs it may use, divided by commas, or none; unset, those its processes are on, else all"),
            new SettingsSection<GuardOptions>(GuardOptions.Section)
                .Key(o => o.Enabled, "Whether models leave a GPU by themselves when somebody else needs it; off, only by hand")
                .Key(o => o.Kinds, "Kinds of work that take a GPU, divided by commas; unknown-heavy is graphics of no known kind that draws a lot")
                .Key(o => o.TakeMemoryBytes, "GPU memory from which a process of these kinds takes it")
                .Key(o => o.TakeSmPercent, "Share of time its kernels run from which it does with less memory")
                .Key(o => o.HeavyMemoryBytes, "GPU memory from which work of no known kind is heavy, when it is busy too")
                .Key(o => o.HeavySmPercent, "Share of time its kernels must run for that")
                .Key(o => o.HeavyFor, "For how long both")
                .Key(o => o.Ignore, "Programs that never take a GPU, divided by commas: a name, a path, or a folder with a slash at its end", "none")
                .Key(o => o.Exclusive, "Programs that always do, whatever they draw", "none")
                .Key(o => o.StartDebounce, "How long a process must be on the GPU before it takes it")
                .Key(o => o.EndDebounce, "How long nobody must want the GPU before the models have it back")
                .Key(o => o.NoVerdictAfter, "How long the classifier is waited for; then every stranger on the GPU counts but the desktop itself")
                .Key(o => o.QuietHours, "Hours of the day in which no model runs, by the host's clock, as in 22:00-07:00, divided by commas", "none")
                .Key(o => o.DrainFor, "How long requests under way may go on when the GPU is taken; zero cancels them at once")
                .Key(o => o.Waiting, "What becomes of requests that come meanwhile: hold (they wait), refuse (503) or cpu (they run without a GPU)")
                .Key(o => o.StepTimeout, "How long each step of making models leave may take before the next one is taken")
                .Key(o => o.AllowTerminate, "Whether the process of a model that does not leave may be asked to end (SIGTERM)")
                .Key(o => o.AllowKill, "Whether it may be killed after that (SIGKILL)")
                .Key(o => o.Warm, "Whether models are loaded again that would still be there had nobody taken the GPU")
                .Key(o => o.ThrottleCelsius, "Temperature in °C from which few generations run at a time, then no new one begins")
                .Key(o => o.ThrottleHysteresisCelsius, "By how many °C it must be cooler for that to end")
                .Key(o => o.ThrottleLimit, "Generations at a time meanwhile")
                .Key(o => o.ThrottleHoldAfter, "How long that is tried before no new one begins"),
            new SettingsSection<GateOptions>(GateOptions.Section)
                .Key(o => o.HoldDeadline, "How long a request to a model waits at most while its GPU is not for models; then it is refused")
                .Key(o => o.HoldLimit, "How many requests may wait at each model server")
                .Key(o => o.HoldMemoryBytes, "How much memory their bodies may take at each; of one body at most 4 MiB are kept")
                .Key(o => o.HoldComments, "Whether clients of /v1 streams that wait are sent a comment every 10 s, so that they do not give up; it begins the reply with status 200"),
            new SettingsSection<NodeOptions>(NodeOptions.Section)
                .Key(o => o.Id, "This host's name in the history", defaultMeaning: "the machine's name"),
            new SettingsSection<UplinkOptions>("Uplink")
                .Key(o => o.QueueCapacity, "Messages that wait for the broker in memory; beyond it the oldest is dropped and counted")
                .Key(o => o.QueueCapacityBytes, "Bytes of messages that wait for the broker in memory")
                .Key(o => o.SpoolPath, "Folder on disk for what the broker does not take; empty, it waits in memory alone",
                    defaultMeaning: "$STATE_DIRECTORY, else $GPUPLATFORM_DATA/collector, else ~/.local/state/gpuplatform/collector (root: /var/lib/gpuplatform/collector)")
                .Key(o => o.SpoolCapacityBytes, "Bytes on disk; beyond them the oldest is dropped and counted"),
            DefaultSettings.Outgoing,
        ],
        Others =
        [
            new("ConnectionStrings:messaging", null, "RabbitMQ, as amqp://user:password@host:port; unset, nothing is published")
            {
                IsSecret = true,
                Refusal = RabbitConnector.AddressProblem,
            },
            .. DefaultSettings.Telemetry,
        ],
        Profiles =
        [
            new("desktop", "a machine that somebody sits at", new Dictionary<string, string>()),
            new("server", "a machine in a rack", new Dictionary<string, string>
            {
                ["Sampling:Interval"] = "00:00:05",
                ["Sampling:DetailInterval"] = "00:00:15",
                ["Sampling:ProcessInterval"] = "00:00:15",
                ["Guard:Enabled"] = "false",
            }),
        ],
        // The files of a host that runs several services are shared
        Elsewhere = ["History", "Classifier", "ConnectionStrings:history"],
        Variables = [SettingsPlaces.FolderVariable, "GPUPLATFORM_DATA"],
    };
}
