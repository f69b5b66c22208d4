using System.Collections.Frozen;

namespace GpuPlatform.Classifier.Rules.Conditions;

/// <summary>An ancestor, or the parent alone, has one of these short names.</summary>
internal sealed class BelowProcess(IEnumerable<string> names, bool isParent) : Condition
{
    private readonly FrozenSet<string> _names = names.Select(name => name.ToLowerInvariant())
        .SelectMany(name => new[] { ProgramName.Cut(name), ProgramName.Cut(name + ".exe") }).ToFrozenSet(StringComparer.Ordinal);

    public override bool Holds(ProcessEvidence process) => Found(process) is not null;

    public override string Words(ProcessEvidence process) => $"it was started {(isParent ? "by" : "below")} {ProcessEvidence.Quote(Found(process) ?? "")}";

    private string? Found(ProcessEvidence process)
    {
        var last = isParent ? Math.Min(1, process.Ancestors.Count) : process.Ancestors.Count;
        for (var i = 0; i < last; i++)
            if (_names.Contains(process.Ancestors[i]))
                return process.Ancestors[i];
        return null;
    }
}
