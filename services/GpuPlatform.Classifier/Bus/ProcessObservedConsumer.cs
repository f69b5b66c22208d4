using GpuPlatform.Classifier.RuleFiles;
using GpuPlatform.Classifier.Rules;
using GpuPlatform.Contracts;
using MassTransit;

namespace GpuPlatform.Classifier.Bus;

/// <summary>Answers every process event that carries evidence with a verdict.</summary>
internal sealed partial class ProcessObservedConsumer(ActiveRules rules, ClassifierMetrics metrics, ILogger<ProcessObservedConsumer> logger)
    : IConsumer<GpuProcessObserved>
{
    public async Task Consume(ConsumeContext<GpuProcessObserved> context)
    {
        var observed = context.Message;
        if (observed.Change == ProcessChange.Exited)
            return;
        if (string.IsNullOrWhiteSpace(observed.NodeId) || observed.Pid <= 0 || observed.StartedAt == default)
        {
            // Without the process's identity there is nobody to send a verdict to.
            metrics.CountRefused();
            Log.NoIdentity(logger, observed.NodeId, observed.Pid, observed.StartedAt);
            return;
        }

        var verdict = rules.Current.Classify(ProcessEvidence.From(observed));
        metrics.CountVerdict(verdict);
        await context.Publish(new ProcessClassified
        {
            NodeId = observed.NodeId,
            Pid = observed.Pid,
            StartedAt = observed.StartedAt,
            Kind = verdict.Kind,
            Confidence = verdict.Confidence,
            Rule = verdict.Rule,
            Reason = verdict.Reason,
            Rules = verdict.Rules,
            ObservedAt = observed.ObservedAt,
        }, MustArrive, context.CancellationToken);
    }

    // The broker confirms and drops what no queue takes; a mandatory message comes back as an exception instead, and is tried again.
    private static readonly IPipe<PublishContext<ProcessClassified>> MustArrive = Pipe.Execute<PublishContext<ProcessClassified>>(publish =>
    {
        if (publish.TryGetPayload<RabbitMqSendContext>(out var send))
            send.Mandatory = true;
    });

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Refused a process event without identity: node '{NodeId}', pid {Pid}, started {StartedAt}")]
        public static partial void NoIdentity(ILogger logger, string? nodeId, int pid, DateTimeOffset startedAt);
    }
}
