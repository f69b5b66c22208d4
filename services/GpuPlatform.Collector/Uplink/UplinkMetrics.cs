using System.Diagnostics.Metrics;
using GpuPlatform.Collector.Uplink.Spooling;

namespace GpuPlatform.Collector.Uplink;

/// <summary>The meter <c>GpuPlatform.Uplink</c>.</summary>
internal sealed class UplinkMetrics
{
    private readonly Counter<long> _published;
    private readonly Counter<long> _failures;
    private readonly Histogram<double> _confirmDuration;

    public UplinkMetrics(IMeterFactory meters, BrokerUplink uplink, UplinkBacklog backlog)
    {
        var meter = meters.Create("GpuPlatform.Uplink");
        _published = meter.CreateCounter<long>("gpuplatform.uplink.published", "{message}", "Messages that the broker confirmed.");
        _failures = meter.CreateCounter<long>("gpuplatform.uplink.publish.failures", "{attempt}", "Attempts to publish that failed and are repeated.");
        _confirmDuration = meter.CreateHistogram("gpuplatform.uplink.confirm.duration", "s", "Time from publishing to the broker's confirmation.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5] });
        meter.CreateObservableCounter("gpuplatform.uplink.dropped", () => Dropped(backlog), "{message}", "Messages given up, by reason.");
        meter.CreateObservableUpDownCounter("gpuplatform.uplink.queued", () => backlog.Count, "{message}", "Messages that wait for the broker.");
        meter.CreateObservableUpDownCounter("gpuplatform.uplink.queued.size", () => backlog.Bytes, "By", "Size of the messages that wait.");
        meter.CreateObservableGauge("gpuplatform.uplink.connected", () => uplink.State == UplinkState.Connected ? 1 : 0, null,
            "1 while messages are delivered as they come.");
        if (backlog.Spool is { } spool) ObserveSpool(meter, spool);
    }

    public void Confirmed(TimeSpan duration)
    {
        _published.Add(1);
        _confirmDuration.Record(duration.TotalSeconds);
    }

    public void Failed() => _failures.Add(1);

    private static void ObserveSpool(Meter meter, SpoolStage spool)
    {
        meter.CreateObservableUpDownCounter("gpuplatform.uplink.spool.messages", () => spool.Count, "{message}", "Messages that wait on disk.");
        meter.CreateObservableUpDownCounter("gpuplatform.uplink.spool.size", () => spool.Bytes, "By", "Size of the files in which messages wait.");
        meter.CreateObservableCounter("gpuplatform.uplink.spool.written", () => spool.WrittenCount, "{message}", "Messages written to disk.");
        meter.CreateObservableCounter("gpuplatform.uplink.spool.failures", () => spool.FailureCount, "{operation}", "Operations that the disk refused.");
        meter.CreateObservableGauge("gpuplatform.uplink.spool.usable", () => spool.Problem is null ? 1 : 0, null, "1 while messages can be kept on disk.");
    }

    private static Measurement<long>[] Dropped(UplinkBacklog backlog) =>
    [
        new(backlog.DroppedCount, new KeyValuePair<string, object?>("reason", "full")),
        new(backlog.Losses.Damaged, new KeyValuePair<string, object?>("reason", "damaged")),
        new(backlog.Losses.UnknownType, new KeyValuePair<string, object?>("reason", "unknown_type")),
    ];
}
