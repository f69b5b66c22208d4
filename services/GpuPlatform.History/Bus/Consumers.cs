using GpuPlatform.Contracts;
using GpuPlatform.History.Ingest;
using MassTransit;

namespace GpuPlatform.History.Bus;

internal sealed class GpuSampledConsumer(IngestPipeline ingest) : IConsumer<GpuSampled>
{
    public Task Consume(ConsumeContext<GpuSampled> context) => ingest.TakeAsync(context.Message, context.CancellationToken);
}

internal sealed class HostSampledConsumer(IngestPipeline ingest) : IConsumer<HostSampled>
{
    public Task Consume(ConsumeContext<HostSampled> context) => ingest.TakeAsync(context.Message, context.CancellationToken);
}

internal sealed class ProcessObservedConsumer(IngestPipeline ingest) : IConsumer<GpuProcessObserved>
{
    public Task Consume(ConsumeContext<GpuProcessObserved> context) => ingest.TakeAsync(context.Message, context.CancellationToken);
}

internal sealed class ProcessClassifiedConsumer(IngestPipeline ingest) : IConsumer<ProcessClassified>
{
    public Task Consume(ConsumeContext<ProcessClassified> context) => ingest.TakeAsync(context.Message, context.CancellationToken);
}

internal sealed class LlmRequestCompletedConsumer(IngestPipeline ingest) : IConsumer<LlmRequestCompleted>
{
    public Task Consume(ConsumeContext<LlmRequestCompleted> context) => ingest.TakeAsync(context.Message, context.CancellationToken);
}

internal sealed class LlmActivityConsumer(IngestPipeline ingest) : IConsumer<LlmActivity>
{
    public Task Consume(ConsumeContext<LlmActivity> context) => ingest.TakeAsync(context.Message, context.CancellationToken);
}

internal sealed class ModelResidencyChangedConsumer(IngestPipeline ingest) : IConsumer<ModelResidencyChanged>
{
    public Task Consume(ConsumeContext<ModelResidencyChanged> context) => ingest.TakeAsync(context.Message, context.CancellationToken);
}

internal sealed class GuardChangedConsumer(IngestPipeline ingest) : IConsumer<GuardChanged>
{
    public Task Consume(ConsumeContext<GuardChanged> context) => ingest.TakeAsync(context.Message, context.CancellationToken);
}
