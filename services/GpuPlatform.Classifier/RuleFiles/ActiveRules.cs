using GpuPlatform.Classifier.Rules;

namespace GpuPlatform.Classifier.RuleFiles;

/// <summary>The rules that are in force. A verdict is made by one set from beginning to end, whatever takes its place meanwhile.</summary>
internal sealed class ActiveRules(RuleBook first)
{
    private volatile RuleBook _book = first;

    public RuleSet Current => _book.Rules;

    /// <summary>The same with where they come from and what is wrong with files.</summary>
    public RuleBook Book
    {
        get => _book;
        set => _book = value;
    }
}
