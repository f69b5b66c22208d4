using GpuPlatform.Classifier.RuleFiles;
using GpuPlatform.Classifier.Verdicts;
using GpuPlatform.Contracts;
using MassTransit;

namespace GpuPlatform.Classifier.Bus;

/// <summary>
/// When the rules change, says anew what the processes are that were observed already: whoever writes a rule need not wait until the process does
/// something new. A verdict that stays as it was is not repeated.
/// </summary>
internal sealed partial class RuleChangeLoop(ActiveRules rules, ProcessJudge judge, VerdictHistory history, ClassifierMetrics metrics, IBus bus, TimeProvider clock, ILogger<RuleChangeLoop> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var judgedBy = rules.Book;
        var unsent = new Queue<ProcessClassified>();
        var hasFailed = false;
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var book = rules.Book;
                if (!ReferenceEquals(book, judgedBy))
                    JudgeAgain(unsent);
                judgedBy = book;
                for (; unsent.TryPeek(out var verdict); unsent.Dequeue())
                    await bus.Publish(verdict, VerdictPublishing.MustArrive, stoppingToken);
                hasFailed = false;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                if (!hasFailed)
                    Log.Failed(logger, e.GetBaseException().Message);
                hasFailed = true;
            }
        }
    }

    private void JudgeAgain(Queue<ProcessClassified> unsent)
    {
        foreach (var (observed, known) in history.Newest())
        {
            if (judge.Judge(observed) is not { } verdict || (verdict.Kind, verdict.Rule, verdict.Reason) == (known.Kind, known.Rule, known.Reason))
                continue;
            metrics.CountVerdict(verdict);
            unsent.Enqueue(verdict);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The processes that are known are judged by the new rules, which could not be sent yet; it is tried again every second: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
