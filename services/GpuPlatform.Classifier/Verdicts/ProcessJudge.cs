using GpuPlatform.Classifier.RuleFiles;
using GpuPlatform.Classifier.Rules;
using GpuPlatform.Contracts;

namespace GpuPlatform.Classifier.Verdicts;

/// <summary>Says what a process is, by the rules in force and by what was said of it before.</summary>
internal sealed class ProcessJudge(ActiveRules rules, VerdictHistory history, TimeProvider clock)
{
    /// <summary>Null when something newer was said of it already.</summary>
    public ProcessClassified? Judge(GpuProcessObserved observed)
    {
        var book = rules.Book;
        return history.Judge(observed, book.Rules.Classify(ProcessEvidence.From(observed)), rule => Owner(book, rule), clock.GetUtcNow());
    }

    private static RuleOwner Owner(RuleBook book, string rule) =>
        book.Origins.ContainsKey(rule) ? RuleOwner.User : book.Rules.Rules.Any(known => known.Name == rule) ? RuleOwner.Product : RuleOwner.Nobody;
}
