using GpuPlatform.Classifier.Rules;

namespace GpuPlatform.Classifier.RuleFiles;

/// <summary>The rules that are in force. A verdict is made by one set from beginning to end, whatever takes its place meanwhile.</summary>
internal sealed class ActiveRules(RuleBook first)
{
    private volatile RuleBook _book = first;

    /// <summary>Other rules are in force.</summary>
    public event Action? Changed;

    public RuleSet Current => _book.Rules;

    /// <summary>The same with where they come from and what is wrong with files.</summary>
    public RuleBook Book => _book;

    public void Replace(RuleBook book)
    {
        _book = book;
        Changed?.Invoke();
    }
}
