using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Metrics;

/// <summary>Processes in sums by driver context, and where switched on each by itself.</summary>
internal sealed class ProcessMetrics(LatestSample latest, IVerdicts verdicts)
{
    private static readonly MetricRow Count = new("gpu_processes", "processes", "context", "Processes that hold a context on the GPU.",
        "the process lists: `nvmlDeviceGetComputeRunningProcesses`, `nvmlDeviceGetGraphicsRunningProcesses`", MetricCost.Processes);
    private static readonly MetricRow Memory = new("gpu_processes_memory_bytes", "bytes", "context", "Memory of these processes on the GPU.", "the same", MetricCost.Processes);
    private const string Identity = "pid, started, process, user, context, kind; only with `Metrics:Processes`";

    private static readonly (MetricRow Row, Func<GpuProcessUsage, double?> Value)[] Single =
    [
        (Row("gpu_process_memory_bytes", "bytes", "Memory of one process on the GPU.", "the process lists"), process => process.MemoryUsedBytes),
        (Row("gpu_process_sm_percent", "0–100", "Share of time its kernels ran.", "`nvmlDeviceGetProcessUtilization`"), process => process.SmPercent),
        (Row("gpu_process_memory_utilization_percent", "0–100", "Share of time it read or wrote device memory.", "the same"), process => process.MemoryPercent),
        (Row("gpu_process_encoder_percent", "0–100", "Share of the encoder.", "the same"), process => process.EncoderPercent),
        (Row("gpu_process_decoder_percent", "0–100", "Share of the decoder.", "the same"), process => process.DecoderPercent),
    ];

    public static IReadOnlyList<MetricRow> Rows { get; } = [Count, Memory, .. Single.Select(metric => metric.Row)];

    /// <summary>The sums.</summary>
    public IReadOnlyList<GpuMetric> Sums =>
    [
        new(Count, view => ByContext(view, processes => processes.Count)),
        new(Memory, view => ByContext(view, MemoryOf)),
    ];

    /// <summary>A series for every process. The start time is among the labels: a pid used again is another series.</summary>
    public IEnumerable<GpuMetric> EachProcess => Single.Select(metric => new GpuMetric(metric.Row, view =>
        view.Processes?.Select(process => metric.Value(process) is { } value ? new MetricValue(value, Labels(view, process)) : (MetricValue?)null) ?? []));

    /// <summary>Memory of several processes; null when the driver gave it for none of them.</summary>
    public static double? MemoryOf(IReadOnlyCollection<GpuProcessUsage> processes) =>
        processes.Count == 0 || processes.Any(process => process.MemoryUsedBytes is not null) ? processes.Sum(process => process.MemoryUsedBytes) : null;

    /// <summary>What kind of work a process does, as far as the classifier has said.</summary>
    public string Kind(GpuProcessUsage process) => WireWord.Of(verdicts.Find(process.Pid, process.StartedAt)?.Verdict.Kind);

    private string Context(GpuView view, GpuProcessUsage process) => WireWord.Of(latest.Processes.Find(view.Sample.Uuid, process)?.Context);

    // A context that nobody holds is a zero the driver did say: its list was read, and empty
    private IEnumerable<MetricValue?> ByContext(GpuView view, Func<IReadOnlyCollection<GpuProcessUsage>, double?> value)
    {
        if (view.Processes is not { } processes)
            return [];
        var groups = processes.ToLookup(process => Context(view, process));
        return Enum.GetValues<GpuContext>().Select(context => WireWord.Of(context)).Union(groups.Select(group => group.Key))
            .Select(context => MetricValue.Of(value([.. groups[context]]), "context", context));
    }

    private KeyValuePair<string, object?>[] Labels(GpuView view, GpuProcessUsage process)
    {
        var known = latest.Processes.Find(view.Sample.Uuid, process);
        return
        [
            new("pid", process.Pid), new("started", process.StartedAt.ToUnixTimeMilliseconds() / 1e3), new("process", known?.Name), new("user", known?.UserName),
            new("context", WireWord.Of(known?.Context)), new("kind", Kind(process)),
        ];
    }

    private static MetricRow Row(string name, string unit, string help, string source) => new(name, unit, Identity, help, source, MetricCost.Processes);
}
