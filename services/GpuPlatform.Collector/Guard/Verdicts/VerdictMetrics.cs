using System.Diagnostics.Metrics;

namespace GpuPlatform.Collector.Guard.Verdicts;

/// <summary>What came from the classifier, on the collector's own meter.</summary>
internal sealed class VerdictMetrics
{
    private readonly Counter<long> _received;
    private readonly Counter<long> _ignored;

    public VerdictMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(CollectorTelemetry.Name);
        _received = meter.CreateCounter<long>("gpuplatform_verdicts_received_total", unit: null, "Verdicts on processes of this host.");
        _ignored = meter.CreateCounter<long>("gpuplatform_verdicts_ignored_total", unit: null, "Messages from the classifier that were not taken, by reason.");
    }

    /// <param name="problem">Why it was ignored; null when it was taken.</param>
    public void Count(string? problem)
    {
        if (problem is null)
            _received.Add(1);
        // What is meant for others is no news: on a broker of a hundred hosts it would be all there is
        else if (problem != VerdictReader.OtherNode)
            _ignored.Add(1, new KeyValuePair<string, object?>("reason", problem));
    }
}
