using System.Diagnostics.Metrics;

namespace GpuPlatform.Collector.Questions;

/// <summary>What was asked of this host over the broker, on the collector's own meter.</summary>
internal sealed class QuestionMetrics
{
    private readonly Counter<long> _answered;
    private readonly Counter<long> _ignored;

    public QuestionMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(CollectorTelemetry.Name);
        _answered = meter.CreateCounter<long>("gpuplatform_questions_answered_total", unit: null, "Questions over the broker that were answered.");
        _ignored = meter.CreateCounter<long>("gpuplatform_questions_ignored_total", unit: null, "Questions over the broker that were not taken, by reason.");
    }

    /// <param name="problem">Why it was ignored; null when it was answered.</param>
    public void Count(string? problem)
    {
        if (problem is null)
            _answered.Add(1);
        else if (problem != QuestionReader.OtherNode)
            _ignored.Add(1, new KeyValuePair<string, object?>("reason", problem));
    }
}
