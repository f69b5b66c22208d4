using GpuPlatform.Classifier.Verdicts;
using GpuPlatform.Contracts;
using MassTransit;

namespace GpuPlatform.Classifier.Bus;

/// <summary>Answers every process event that carries evidence with a verdict.</summary>
internal sealed partial class ProcessObservedConsumer(
    ProcessJudge judge, VerdictHistory history, ClassifierMetrics metrics, TimeProvider clock, ILogger<ProcessObservedConsumer> logger)
    : IConsumer<GpuProcessObserved>
{
    public async Task Consume(ConsumeContext<GpuProcessObserved> context)
    {
        var observed = context.Message;
        if (string.IsNullOrWhiteSpace(observed.NodeId) || observed.Pid <= 0 || observed.StartedAt == default)
        {
            // Without the process's identity there is nobody to send a verdict to.
            metrics.CountRefused();
            Log.NoIdentity(logger, observed.NodeId, observed.Pid, observed.StartedAt);
            return;
        }

        if (observed.Change == ProcessChange.Exited)
        {
            history.End(observed, clock.GetUtcNow());
            return;
        }

        if (judge.Judge(observed) is not { } verdict)
        {
            metrics.CountOutdated();
            return;
        }

        metrics.CountVerdict(verdict);
        await context.Publish(verdict, VerdictPublishing.MustArrive, context.CancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Refused a process event without identity: node '{NodeId}', pid {Pid}, started {StartedAt}")]
        public static partial void NoIdentity(ILogger logger, string? nodeId, int pid, DateTimeOffset startedAt);
    }
}
