using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Metrics;

/// <summary>One metric of the host.</summary>
internal sealed record HostMetric(MetricRow Row, Func<HostSampled, IEnumerable<MetricValue?>> Read);

/// <summary>What a heartbeat says of the host.</summary>
internal static class HostMetrics
{
    public static IReadOnlyList<HostMetric> Table { get; } =
    [
        One("host_cpu_percent", "0–100, all cores together", "Busy share of all cores together.", "`/proc/stat`", host => host.CpuPercent),
        One("host_memory_used_bytes", "bytes", "Memory that is not available for new work.", "`/proc/meminfo`", host => host.MemoryUsedBytes),
        One("host_memory_total_bytes", "bytes", "Physical memory.", "`/proc/meminfo`", host => host.MemoryTotalBytes),
        One("host_tasks", "number", "Processes and threads that can be scheduled.", "`/proc/loadavg`", host => host.TaskCount),
        new(new MetricRow("host_load_average", "tasks", "over", "Tasks that ran or waited to run, over 1m, 5m and 15m.", "`/proc/loadavg`", MetricCost.None), host =>
        [
            MetricValue.Of(host.LoadAverage1Minute, "over", "1m"), MetricValue.Of(host.LoadAverage5Minutes, "over", "5m"),
            MetricValue.Of(host.LoadAverage15Minutes, "over", "15m"),
        ]),
        One("host_gpu_utilization_percent", "0–100", "Mean utilisation of the GPUs that answered.", "the sampler", host => host.AverageGpuUtilizationPercent),
        One("gpuplatform_problems", "number", "What is not as it should be; /api/health says it in words.", "the health checks", host => host.Collector.Problems.Count),
    ];

    private static HostMetric One(string name, string unit, string help, string source, Func<HostSampled, double?> value) =>
        new(new MetricRow(name, unit, "", help, source, MetricCost.None), host => [value(host) is { } known ? new MetricValue(known) : null]);
}
