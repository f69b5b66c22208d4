using System.Diagnostics.Metrics;

namespace GpuPlatform.Classifier.RuleFiles;

/// <summary>What there is to count of rules, on the classifier's meter.</summary>
internal sealed class RuleMetrics(IMeterFactory meters)
{
    public void Observe(ActiveRules active)
    {
        var meter = meters.Create("GpuPlatform.Classifier");
        meter.CreateObservableGauge("gpuplatform.classifier.rules", () => active.Book.Rules.Rules.Count - active.Book.Origins.Count, "{rule}", "Built-in rules in force");
        meter.CreateObservableGauge("gpuplatform.classifier.user_rules", () => active.Book.Origins.Count, "{rule}", "Rules of the user in force");
        meter.CreateObservableGauge("gpuplatform.classifier.rule_problems", () => active.Book.Problems.Count, "{problem}", "Mistakes in rule files of the user");
    }
}
