namespace GpuPlatform.Classifier.Rules.Conditions;

/// <summary>Looks for one piece of evidence.</summary>
internal abstract class Condition
{
    /// <summary>About how dear it is to look, in comparisons.</summary>
    public virtual int Cost => 1;

    public abstract bool Holds(ProcessEvidence process);

    /// <summary>The evidence in words, when the condition holds; empty when it adds nothing to the reason.</summary>
    public abstract string Words(ProcessEvidence process);

    /// <summary>Without what it cannot hold; null when that cannot be told.</summary>
    public virtual Need? Needs => null;
}
