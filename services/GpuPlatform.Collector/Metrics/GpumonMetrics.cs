using System.Diagnostics.Metrics;
using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using GpuPlatform.ServiceDefaults;

namespace GpuPlatform.Collector.Metrics;

/// <summary>
/// The names <c>gpumon_…</c>. <c>category</c> is the kind of work a process does, <c>unknown</c> where the classifier has not said.
/// </summary>
internal sealed class GpumonMetrics
{
    private const string Count = "gpumon_process_count";
    private const string Memory = "gpumon_process_gpu_memory_bytes";

    private readonly PresentGpus _present;
    private readonly ProcessMetrics _processes;

    public GpumonMetrics(IMeterFactory meters, LatestSample latest, PresentGpus present, IVerdicts verdicts, GuardMetrics? guard = null)
    {
        (_present, _processes) = (present, new ProcessMetrics(latest, verdicts));
        var meter = meters.Create(MeterNames.ScrapedOnly("Gpumon"));
        var gpus = new GpuMeasurements(meter, present, view => [new("gpu_id", view.Sample.Index.ToString()), new("gpu_name", view.Sample.Name)]);
        gpus.Gauge("gpumon_gpu_utilization_percent", unit: null, "Share of time in which a kernel ran.", view => view.Sample.UtilizationPercent);
        gpus.Gauge("gpumon_gpu_memory_used_bytes", unit: null, "Memory allocated by processes.", view => view.Sample.MemoryUsedBytes);
        gpus.Gauge("gpumon_gpu_memory_total_bytes", unit: null, "Physical memory.", view => view.Sample.MemoryTotalBytes);
        gpus.Gauge("gpumon_gpu_temperature_celsius", unit: null, "Core temperature.", view => view.Sample.TemperatureCelsius);
        gpus.Gauge("gpumon_gpu_power_watts", unit: null, "Board power draw.", view => view.Sample.PowerWatts);
        gpus.Gauge("gpu_other_processes_count", unit: null, "Processes on the GPU that are not the collector's own.", view => view.Processes?.Count);
        // There from the start, else the first event is no increase
        meter.CreateObservableCounter("gpu_evictions_total", () => guard?.EvictionCount ?? 0L, unit: null, "Times a model was unloaded to give the GPU away.");
        meter.CreateObservableGauge(Count, () => ByCategory(rows => rows.DistinctBy(row => (row.Pid, row.StartedAt)).Count()), unit: null, "Processes on the GPUs, by kind of work.");
        meter.CreateObservableGauge(Memory, () => ByCategory(ProcessMetrics.MemoryOf), unit: null, "Memory of these processes on the GPUs.");
    }

    private IEnumerable<Measurement<double>> ByCategory(Func<IReadOnlyCollection<GpuProcessUsage>, double?> value) =>
        from view in _present.Read()
        from process in view.Processes ?? []
        group process by _processes.Kind(process) into category
        let sum = value([.. category])
        where sum is not null
        select new Measurement<double>(sum.Value, new KeyValuePair<string, object?>("category", category.Key));
}
