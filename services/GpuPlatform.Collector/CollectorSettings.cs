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
                .Key(o => o.Simulated.Seed, "The same seed shows the same day"),
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
                .Keys("Servers:<name>:Listen", "Address at which clients reach a further model server through the proxy")
                .Keys("Servers:<name>:Upstream", "Address of that server itself")
                .Keys("Servers:<name>:Metrics", "Path of its own metrics, or off; unset, they are asked for where that is known to disturb nobody"),
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
            }),
        ],
        // The files of a host that runs several services are shared
        Elsewhere = ["History", "Classifier", "ConnectionStrings:history"],
        Variables = [SettingsPlaces.FolderVariable, "GPUPLATFORM_DATA"],
    };
}
