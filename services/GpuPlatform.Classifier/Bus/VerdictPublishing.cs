using GpuPlatform.Contracts;
using MassTransit;

namespace GpuPlatform.Classifier.Bus;

internal static class VerdictPublishing
{
    /// <summary>The broker confirms and drops what no queue takes; a mandatory message comes back as an exception instead, and is tried again.</summary>
    public static readonly IPipe<PublishContext<ProcessClassified>> MustArrive = Pipe.Execute<PublishContext<ProcessClassified>>(publish =>
    {
        if (publish.TryGetPayload<RabbitMqSendContext>(out var send))
            send.Mandatory = true;
    });
}
