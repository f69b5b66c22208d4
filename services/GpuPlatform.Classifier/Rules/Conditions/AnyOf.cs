namespace GpuPlatform.Classifier.Rules.Conditions;

/// <summary>One part holds; the words are those of the first that does.</summary>
internal sealed class AnyOf(IReadOnlyList<Condition> parts) : Condition
{
    private readonly Condition[] _parts = [.. parts];

    public override Need? Needs { get; } = Need.OfAny(parts);

    public override int Cost => _parts.Sum(part => part.Cost);

    public override bool Holds(ProcessEvidence process)
    {
        foreach (var part in _parts)
            if (part.Holds(process))
                return true;
        return false;
    }

    public override string Words(ProcessEvidence process) => Array.Find(_parts, part => part.Holds(process))?.Words(process) ?? "";
}
