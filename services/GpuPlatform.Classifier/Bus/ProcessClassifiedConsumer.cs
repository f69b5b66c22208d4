using GpuPlatform.Classifier.Verdicts;
using GpuPlatform.Contracts;
using MassTransit;

namespace GpuPlatform.Classifier.Bus;

/// <summary>Remembers what any replica has said, this one too: the next observation of the process may come to any of them.</summary>
internal sealed class ProcessClassifiedConsumer(VerdictHistory history, TimeProvider clock) : IConsumer<ProcessClassified>
{
    public Task Consume(ConsumeContext<ProcessClassified> context)
    {
        if (!string.IsNullOrWhiteSpace(context.Message.NodeId) && context.Message.Rule is not null)
            history.Note(context.Message, clock.GetUtcNow());
        return Task.CompletedTask;
    }
}
