namespace GpuPlatform.Classifier.Rules.Conditions;

/// <summary>Something is so, or is not.</summary>
internal sealed class FlagIs(Func<ProcessEvidence, bool> flag, bool expected, Func<ProcessEvidence, string> words) : Condition
{
    public override bool Holds(ProcessEvidence process) => flag(process) == expected;

    public override string Words(ProcessEvidence process) => expected ? words(process) : "";
}
