namespace GpuPlatform.Classifier.Rules.Conditions;

/// <summary>A text of the process fits the pattern.</summary>
/// <param name="texts">The texts to look at.</param>
/// <param name="pattern">What one of them must fit.</param>
/// <param name="words">What is said of the text that fits.</param>
internal sealed class TextFits(
    Func<ProcessEvidence, IReadOnlyList<string>> texts, TextPattern pattern, Func<ProcessEvidence, string, string> words) : Condition
{
    // On average a process has two or three texts of a sort
    public override int Cost => 20;

    public override bool Holds(ProcessEvidence process) => Found(process) is not null;

    public override string Words(ProcessEvidence process) => Found(process) is { } text ? words(process, text) : "";

    private string? Found(ProcessEvidence process)
    {
        var candidates = texts(process);
        for (var i = 0; i < candidates.Count; i++)
            if (pattern.IsMatch(candidates[i]))
                return candidates[i];
        return null;
    }
}
