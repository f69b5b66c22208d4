namespace GpuPlatform.Classifier.Rules.Conditions;

/// <summary>Every part holds; the words name each.</summary>
internal sealed class AllOf(IReadOnlyList<Condition> parts) : Condition
{
    private readonly Condition[] _parts = [.. parts];
    private readonly Condition[] _cheapFirst = [.. parts.OrderBy(part => part.Cost)];

    public override Need? Needs { get; } = Need.OfAll(parts);

    public override int Cost => _parts.Sum(part => part.Cost);

    public override bool Holds(ProcessEvidence process)
    {
        foreach (var part in _cheapFirst)
            if (!part.Holds(process))
                return false;
        return true;
    }

    public override string Words(ProcessEvidence process) =>
        string.Join(", ", _parts.Select(part => part.Words(process)).Where(words => words.Length > 0).Distinct(StringComparer.Ordinal));
}
