using System.Diagnostics.Metrics;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using GpuPlatform.ServiceDefaults;

namespace GpuPlatform.Collector.Metrics;

/// <summary>The names <c>hw.…</c> of OpenTelemetry's hardware conventions. They have none for clocks, throttling and processes.</summary>
internal sealed class HardwareMetrics
{
    private const string Fraction = "1";

    private readonly GpuMeasurements _gpus;
    private readonly GpuMeasurements _fans;

    public HardwareMetrics(IMeterFactory meters, PresentGpus present, bool isScrapedToo)
    {
        var meter = meters.Create(isScrapedToo ? "GpuPlatform.Hardware" : MeterNames.ExportedOnly("Hardware"));
        _gpus = new GpuMeasurements(meter, present, Identity);
        _fans = new GpuMeasurements(meter, present, view => [new("hw.type", "fan"), new("hw.parent", view.Sample.Uuid)]);
        Load();
        Power();
        Condition();
    }

    private void Load()
    {
        _gpus.Gauge("hw.gpu.utilization", Fraction, "Fraction of time spent in a specific task.", view =>
        [
            MetricValue.Of(view.Sample.UtilizationPercent / 100, "hw.gpu.task", "general"),
            MetricValue.Of(view.Details?.EncoderUtilizationPercent / 100, "hw.gpu.task", "encoder"),
            MetricValue.Of(view.Details?.DecoderUtilizationPercent / 100, "hw.gpu.task", "decoder"),
        ]);
        _gpus.UpDownCounter("hw.gpu.memory.usage", "By", "GPU memory used.", view => view.Sample.MemoryUsedBytes);
        _gpus.UpDownCounter("hw.gpu.memory.limit", "By", "Size of the GPU memory.", view => view.Sample.MemoryTotalBytes);
        _gpus.Gauge("hw.gpu.memory.utilization", Fraction, "Fraction of GPU memory used.",
            view => view.Sample is { MemoryTotalBytes: > 0 and var total, MemoryUsedBytes: { } used } ? (double)used / total : null);
        _gpus.Counter("hw.gpu.io", "By", "Received and transmitted bytes by the GPU.", view =>
        [
            MetricValue.Of(view.Details?.PcieReceivedBytes, "network.io.direction", "receive"),
            MetricValue.Of(view.Details?.PcieSentBytes, "network.io.direction", "transmit"),
        ]);
    }

    private void Power()
    {
        _gpus.Gauge("hw.power", "W", "Instantaneous power consumed by the component.", view => view.Sample.PowerWatts);
        _gpus.Counter("hw.energy", "J", "Energy consumed by the component.", view => view.Sample.EnergyJoules);
        _gpus.Gauge("hw.temperature", "Cel", "Temperature.", view => view.Sample.TemperatureCelsius);
        _gpus.Gauge("hw.temperature.limit", "Cel", "Temperature limit.", view =>
        [
            MetricValue.Of(view.Details?.Facts?.SlowdownTemperatureCelsius, "hw.limit_type", "high.degraded"),
            MetricValue.Of(view.Details?.Facts?.ShutdownTemperatureCelsius, "hw.limit_type", "high.critical"),
        ]);
        _fans.Gauge("hw.fan.speed", "rpm", "Fan speed in revolutions per minute.", view => view.Details?.Fans?.Select((fan, position) =>
            fan.SpeedRpm is { } rpm ? new MetricValue(rpm, new KeyValuePair<string, object?>("hw.id", $"{view.Sample.Uuid}:fan{position}")) : (MetricValue?)null) ?? []);
    }

    private void Condition()
    {
        _gpus.Counter("hw.errors", "{error}", "Number of errors encountered by the component.", view =>
        [
            MetricValue.Of(view.Details?.Ecc?.CorrectedVolatileCount, "error.type", "corrected"),
            MetricValue.Of(view.Details?.Ecc?.UncorrectedVolatileCount, "error.type", "uncorrected"),
        ]);
        _gpus.UpDownCounter("hw.status", Fraction, "Operational status: 1 (true) or 0 (false) for each of the possible states.", view =>
            new[] { "ok", "degraded", "failed" }.Select(state => MetricValue.Of(StatusOf(view.Sample.State) == state ? 1 : 0, "hw.state", state)));
    }

    // Asleep is how a GPU that nobody uses is meant to be
    private static string StatusOf(GpuState state) => state switch
    {
        GpuState.Active or GpuState.Sleeping => "ok",
        GpuState.Lost => "failed",
        _ => "degraded",
    };

    private static KeyValuePair<string, object?>[] Identity(GpuView view)
    {
        var facts = view.Details?.Facts;
        KeyValuePair<string, object?>[] labels =
        [
            new("hw.id", view.Sample.Uuid), new("hw.type", "gpu"), new("hw.name", $"GPU {view.Sample.Index}"), new("hw.model", view.Sample.Name),
            new("hw.vendor", facts?.Vendor), new("hw.parent", view.Sample.ParentUuid), new("hw.driver_version", facts?.DriverVersion),
            new("hw.firmware_version", facts?.VbiosVersion),
        ];
        return [.. labels.Where(label => label.Value is not null)];
    }
}
