using System.Diagnostics.Metrics;
using GpuPlatform.Classifier.Rules.Reading;
using GpuPlatform.Contracts;

namespace GpuPlatform.Classifier.Bus;

/// <summary>What the classifier counts, on meter <c>GpuPlatform.Classifier</c>.</summary>
internal sealed class ClassifierMetrics
{
    private readonly Counter<long> _verdicts;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _outdated;
    private readonly Counter<long> _changes;

    public ClassifierMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("GpuPlatform.Classifier");
        _verdicts = meter.CreateCounter<long>("gpuplatform.classifier.verdicts", "{verdict}", "Verdicts given, by rule");
        _outdated = meter.CreateCounter<long>("gpuplatform.classifier.outdated", "{message}", "Process events that a newer one had overtaken");
        _changes = meter.CreateCounter<long>("gpuplatform.classifier.changes", "{verdict}", "Verdicts by which a process became another kind");
        _refused = meter.CreateCounter<long>("gpuplatform.classifier.refused", "{message}", "Process events without an identity");
    }

    public void CountVerdict(ProcessClassified verdict)
    {
        _verdicts.Add(1, new("kind", Vocabulary.WordOf(verdict.Kind)), new KeyValuePair<string, object?>("rule", verdict.Rule));
        if (verdict.ChangedAt == verdict.ObservedAt)
            _changes.Add(1);
    }

    public void CountOutdated() => _outdated.Add(1);

    public void CountRefused() => _refused.Add(1);
}
