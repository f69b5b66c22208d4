using System.Diagnostics.Metrics;

namespace GpuPlatform.Collector.Uplink;

/// <summary>The meter <c>GpuPlatform.Uplink</c>.</summary>
internal sealed class UplinkMetrics
{
    private readonly Counter<long> _published;
    private readonly Counter<long> _failures;
    private readonly Histogram<double> _confirmDuration;

    public UplinkMetrics(IMeterFactory meters, BrokerUplink uplink, UplinkQueue queue)
    {
        var meter = meters.Create("GpuPlatform.Uplink");
        _published = meter.CreateCounter<long>("gpuplatform.uplink.published", "{message}", "Messages that the broker confirmed.");
        _failures = meter.CreateCounter<long>("gpuplatform.uplink.publish.failures", "{attempt}", "Attempts to publish that failed and are repeated.");
        _confirmDuration = meter.CreateHistogram("gpuplatform.uplink.confirm.duration", "s", "Time from publishing to the broker's confirmation.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5] });
        meter.CreateObservableCounter("gpuplatform.uplink.dropped", () => queue.DroppedCount, "{message}", "Messages given up because the queue was full.");
        meter.CreateObservableUpDownCounter("gpuplatform.uplink.queued", () => queue.Count, "{message}", "Messages that wait for the broker.");
        meter.CreateObservableUpDownCounter("gpuplatform.uplink.queued.size", () => queue.Bytes, "By", "Size of the messages that wait.");
        meter.CreateObservableGauge("gpuplatform.uplink.connected", () => uplink.State == UplinkState.Connected ? 1 : 0, null,
            "1 while messages are delivered as they come.");
    }

    public void Confirmed(TimeSpan duration)
    {
        _published.Add(1);
        _confirmDuration.Record(duration.TotalSeconds);
    }

    public void Failed() => _failures.Add(1);
}
