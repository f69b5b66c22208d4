namespace GpuPlatform.Classifier.Rules.Conditions;

/// <summary>A word of the process, which is known, is one of these.</summary>
internal sealed class WordIs(Func<ProcessEvidence, string?> value, IReadOnlyList<string> accepted, Func<string, string> words) : Condition
{
    private readonly string[] _accepted = [.. accepted];

    public override bool Holds(ProcessEvidence process) => value(process) is { } known && Array.IndexOf(_accepted, known) >= 0;

    public override string Words(ProcessEvidence process) => value(process) is { } known ? words(known) : "";
}
