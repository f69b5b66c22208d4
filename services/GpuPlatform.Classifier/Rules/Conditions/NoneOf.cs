namespace GpuPlatform.Classifier.Rules.Conditions;

/// <summary>The part does not hold. Adds nothing to the reason.</summary>
internal sealed class NoneOf(Condition part) : Condition
{
    public override int Cost => part.Cost;

    public override bool Holds(ProcessEvidence process) => !part.Holds(process);

    public override string Words(ProcessEvidence process) => "";
}
