namespace GpuPlatform.Classifier.Rules.Conditions;

/// <summary>A number of the process, which is known, lies between these.</summary>
internal sealed class NumberBetween(Func<ProcessEvidence, double?> number, double least, double most, Func<double, string> words) : Condition
{
    public override bool Holds(ProcessEvidence process) => number(process) is { } known && known >= least && known <= most;

    public override string Words(ProcessEvidence process) => number(process) is { } known ? words(known) : "";
}
