namespace GpuPlatform.Classifier.Rules.Conditions;

/// <summary>A value of the process, which is known, is one of these.</summary>
internal sealed class ValueIs<T>(Func<ProcessEvidence, T?> value, IReadOnlyList<T> accepted, Func<T, string> words) : Condition where T : struct
{
    private readonly T[] _accepted = [.. accepted];

    public override bool Holds(ProcessEvidence process) => value(process) is { } known && Array.IndexOf(_accepted, known) >= 0;

    public override string Words(ProcessEvidence process) => value(process) is { } known ? words(known) : "";
}
