using GpuPlatform.Classifier.RuleFiles;
using GpuPlatform.Classifier.Rules;
using GpuPlatform.Contracts;

namespace GpuPlatform.Classifier.Verdicts;

/// <summary>Says what a process is, by the rules in force and by what was said of it before.</summary>
internal sealed class ProcessJudge(ActiveRules active, VerdictHistory history, TimeProvider clock)
{
    /// <summary>Null when something newer was said of it already.</summary>
    public ProcessClassified? Judge(GpuProcessObserved observed)
    {
        var book = active.Book;
        return history.Judge(observed, book.Rules.Classify(ProcessEvidence.From(observed)), book.OwnerOf, clock.GetUtcNow());
    }
}
