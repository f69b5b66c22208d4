using System.Collections.Frozen;

namespace GpuPlatform.Classifier.Rules.Conditions;

/// <summary>
/// The program, its Python module or the kernel's short name (cut to 15 bytes) is one of these. A name without <c>.exe</c> stands for the
/// Windows program too.
/// </summary>
internal sealed class NameIs : Condition
{
    private const string Exe = ".exe";
    private readonly FrozenSet<string> _whole;
    private readonly FrozenSet<string> _cut;

    public NameIs(IEnumerable<string> names)
    {
        var whole = names.Select(name => name.ToLowerInvariant()).SelectMany(name => name.EndsWith(Exe, StringComparison.Ordinal) ? [name] : new[] { name, name + Exe }).ToList();
        _whole = whole.ToFrozenSet(StringComparer.Ordinal);
        _cut = whole.Where(name => name.Length > ProgramName.KernelBytes).Select(ProgramName.Cut).ToFrozenSet(StringComparer.Ordinal);
        Needs = new Need(_whole.Union(_cut).ToHashSet(StringComparer.Ordinal), []);
    }

    public override Need Needs { get; }

    public override int Cost => 3;

    public override bool Holds(ProcessEvidence process) => Found(process) is not null;

    public override string Words(ProcessEvidence process) => Found(process) is { } name ? process.NameInWords(name) : "";

    private string? Found(ProcessEvidence process)
    {
        foreach (var name in process.Names)
            if (_whole.Contains(name))
                return name;
        return process.ShortName is { Length: ProgramName.KernelBytes } cut && _cut.Contains(cut) ? cut : null;
    }
}
