using System.Diagnostics.Metrics;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Sampling;

/// <summary>
/// The last sample as metrics. What the driver did not say, and what is no longer the present, is no measurement: a missing series,
/// never a zero. No unit is set on the instruments because their names carry it.
/// </summary>
internal sealed class SampleMetrics
{
    private readonly LatestSample _latest;

    public SampleMetrics(IMeterFactory meters, LatestSample latest)
    {
        _latest = latest;
        var meter = meters.Create(CollectorTelemetry.Name);
        meter.CreateObservableCounter(
            "gpuplatform_gpu_samples_total", () => latest.SampleCount, unit: null, "Ticks on which GPUs were read and the result was sent.");
        Gpu(meter, "gpu_temperature_celsius", "Core temperature.", gpu => gpu.TemperatureCelsius);
        Gpu(meter, "gpu_utilization_percent", "Share of time in which a kernel ran.", gpu => gpu.UtilizationPercent);
        Gpu(meter, "gpu_power_watts", "Board power draw.", gpu => gpu.PowerWatts);
        Gpu(meter, "gpu_power_limit_watts", "Power draw at which the driver throttles the board.", gpu => gpu.PowerLimitWatts);
        Gpu(meter, "gpu_memory_utilization_percent", "Share of time in which memory was read or written.", gpu => gpu.MemoryUtilizationPercent);
        Gpu(meter, "gpu_memory_used_bytes", "Memory allocated by processes.", gpu => gpu.MemoryUsedBytes);
        Gpu(meter, "gpu_memory_free_bytes", "Memory that can still be allocated.", gpu => gpu.MemoryFreeBytes);
        Gpu(meter, "gpu_memory_reserved_bytes", "Memory the driver keeps for itself.", gpu => gpu.MemoryReservedBytes);
        Gpu(meter, "gpu_memory_total_bytes", "Physical memory.", gpu => gpu.MemoryTotalBytes);
        Gpu(meter, "gpu_readable", "1 while the GPU can be read, 0 while the driver answers with an error for it.", gpu => gpu.Error is null ? 1 : 0);
        Host(meter, "host_cpu_percent", "Busy share of all cores together.", host => host.CpuPercent);
        Host(meter, "host_memory_used_bytes", "Memory that is not available for new work.", host => host.MemoryUsedBytes);
        Host(meter, "host_memory_total_bytes", "Physical memory.", host => host.MemoryTotalBytes);
    }

    private void Gpu(Meter meter, string name, string description, Func<GpuSample, double?> value) =>
        meter.CreateObservableGauge(name, () => Measure(value), unit: null, description);

    private void Host(Meter meter, string name, string description, Func<HostSampled, double?> value) =>
        meter.CreateObservableGauge(name, () => Measure(value), unit: null, description);

    private List<Measurement<double>> Measure(Func<GpuSample, double?> value)
    {
        var measurements = new List<Measurement<double>>();
        var snapshot = _latest.Gpus;
        if (snapshot.SampledAt is not { } at || _latest.IsStale(at))
            return measurements;
        foreach (var gpu in snapshot.Gpus)
            if (value(gpu) is { } number)
                measurements.Add(new(number, new("uuid", gpu.Uuid), new("gpu", gpu.Index.ToString()), new("name", gpu.Name)));
        return measurements;
    }

    private IEnumerable<Measurement<double>> Measure(Func<HostSampled, double?> value) =>
        _latest.Host is { } host && value(host) is { } number ? [new(number)] : [];
}
