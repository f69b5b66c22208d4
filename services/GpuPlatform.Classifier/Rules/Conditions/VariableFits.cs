namespace GpuPlatform.Classifier.Rules.Conditions;

/// <summary>An environment variable is set, and fits the pattern if there is one.</summary>
internal sealed class VariableFits(string name, TextPattern? pattern) : Condition
{
    public override bool Holds(ProcessEvidence process) =>
        process.Environment is { } environment && environment.TryGetValue(name, out var value) && (pattern is null || pattern.IsMatch(value.ToLowerInvariant()));

    public override string Words(ProcessEvidence process) =>
        process.Environment is { } environment && environment.TryGetValue(name, out var value) ? $"{name} is {ProcessEvidence.Quote(value)}" : "";
}
