using GpuPlatform.Collector.Sampling;
using GpuPlatform.Collector.Uplink;
using GpuPlatform.Contracts;
using MassTransit.Context;
using MassTransit.Serialization;

namespace GpuPlatform.Benchmarks;

/// <summary>From a message to the bytes on the wire, by the uplink (with its place in the queue) and by the bus library.</summary>
internal static class EnvelopeWriting
{
    private const int MessagesPerCall = 10;

    public static Task RunAsync()
    {
        var message = Messages.Tick("desk", new DateTimeOffset(2026, 11, 21, 12, 0, 0, 123, TimeSpan.Zero), gpus: 8);
        // Room for one: each message pushes out the one before, as in an outage
        var backlog = new UplinkBacklog(new(1, 1 << 20), spool: null, TimeProvider.System);
        var publisher = new UplinkPublisher(new BrokerUplink(new UplinkTopology().Add<GpuSampled>(), backlog, TimeProvider.System, isEnabled: true));
        var serializer = new SystemTextJsonMessageSerializer();
        publisher.Publish(message);
        var oursBytes = backlog.Take(1)!.Messages[0].Body.Length;
        backlog.Complete(1);
        Console.WriteLine($"envelope: ours has {oursBytes} bytes, MassTransit's {WrittenByMassTransit(serializer, message)}");
        return Comparison.RunAsync("envelope", "GpuSampled of 8 GPUs", MessagesPerCall,
            new Contender("uplink: serialise and enqueue", () =>
            {
                for (var i = 0; i < MessagesPerCall; i++)
                    publisher.Publish(message);
            }),
            new Contender("MassTransit: serialise", () =>
            {
                for (var i = 0; i < MessagesPerCall; i++)
                    WrittenByMassTransit(serializer, message);
            }));
    }

    private static int WrittenByMassTransit(SystemTextJsonMessageSerializer serializer, GpuSampled message)
    {
        var context = new MessageSendContext<GpuSampled>(message)
        {
            Serializer = serializer,
            SourceAddress = new Uri("rabbitmq://localhost/desk"),
            DestinationAddress = new Uri("rabbitmq://localhost/GpuPlatform.Contracts:GpuSampled"),
        };
        return context.Body.GetBytes().Length;
    }
}
