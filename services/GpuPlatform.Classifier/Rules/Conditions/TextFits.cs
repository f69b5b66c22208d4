using System.Collections.Frozen;

namespace GpuPlatform.Classifier.Rules.Conditions;

/// <summary>A text of the process fits the pattern.</summary>
/// <param name="texts">The texts to look at.</param>
/// <param name="pattern">What one of them must fit.</param>
/// <param name="words">What is said of the text that fits.</param>
internal sealed class TextFits(
    Func<ProcessEvidence, IReadOnlyList<string>> texts, TextPattern pattern, Func<ProcessEvidence, string, string> words) : Condition
{
    /// <summary>The texts it looks at. Conditions of one sort have the same.</summary>
    public Func<ProcessEvidence, IReadOnlyList<string>> Texts => texts;

    public override Need Needs => new(FrozenSet<string>.Empty, [this]);

    // On average a process has two or three texts of a sort
    public override int Cost => 20;

    public override bool Holds(ProcessEvidence process) => Found(process) is not null;

    public override string Words(ProcessEvidence process) => Found(process) is { } text ? words(process, text) : "";

    /// <summary>One that holds when one of these does, and looks but once; null when that is too much for one.</summary>
    public static TextFits? TryJoin(IReadOnlyList<TextFits> fits)
    {
        try
        {
            return new TextFits(fits[0].Texts, TextPattern.Joined([.. fits.Select(fit => fit.Pattern)]), (_, _) => "");
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }

    private TextPattern Pattern => pattern;

    private string? Found(ProcessEvidence process)
    {
        var candidates = texts(process);
        for (var i = 0; i < candidates.Count; i++)
            if (pattern.IsMatch(candidates[i]))
                return candidates[i];
        return null;
    }
}
