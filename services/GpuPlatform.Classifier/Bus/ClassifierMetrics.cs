using System.Diagnostics.Metrics;
using GpuPlatform.Classifier.Rules;

namespace GpuPlatform.Classifier.Bus;

/// <summary>What the classifier counts, on meter <c>GpuPlatform.Classifier</c>.</summary>
internal sealed class ClassifierMetrics
{
    private readonly Counter<long> _verdicts;
    private readonly Counter<long> _refused;

    public ClassifierMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("GpuPlatform.Classifier");
        _verdicts = meter.CreateCounter<long>("gpuplatform.classifier.verdicts", "{verdict}", "Verdicts given, by rule");
        _refused = meter.CreateCounter<long>("gpuplatform.classifier.refused", "{message}", "Process events without an identity");
    }

    public void CountVerdict(Verdict verdict) =>
        _verdicts.Add(1, new("kind", verdict.Kind.ToString()), new KeyValuePair<string, object?>("rule", verdict.Rule));

    public void CountRefused() => _refused.Add(1);
}
