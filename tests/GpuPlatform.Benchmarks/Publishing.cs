using System.Diagnostics.Metrics;
using System.Text.Json;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Collector.Uplink;
using GpuPlatform.Contracts;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;

namespace GpuPlatform.Benchmarks;

/// <summary>A tick of 8 GPUs to RabbitMQ, confirmed: the uplink's way from record to confirmation, and the client library alone.</summary>
internal static class Publishing
{
    private const string PlainQueue = "plain";

    public static async Task RunAsync()
    {
        var (servers, connectionString) = await LocalServers.RabbitMqAsync();
        await using var _ = servers;
        var message = Messages.Tick("desk", new DateTimeOffset(2026, 11, 21, 12, 0, 0, 123, TimeSpan.Zero), gpus: 8);

        var topology = new UplinkTopology().Add<GpuSampled>();
        var backlog = new UplinkBacklog(new(100, 1 << 20), spool: null, TimeProvider.System);
        var uplink = new BrokerUplink(topology, backlog, TimeProvider.System, isEnabled: true);
        var publisher = new UplinkPublisher(uplink);
        await using var link = await new RabbitConnector(new Uri(connectionString), topology, "benchmark").ConnectAsync(CancellationToken.None);

        await using var connection = await new ConnectionFactory { Uri = new Uri(connectionString) }.CreateConnectionAsync();
        await using var confirming = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        await confirming.QueueDeclareAsync(PlainQueue, durable: true, exclusive: false, autoDelete: false);
        var properties = new BasicProperties { DeliveryMode = DeliveryModes.Persistent };
        await Comparison.RunAsync("publish", "confirmed GpuSampled of 8 GPUs", unitsPerCall: 1,
            new Contender("uplink: envelope, queue, two exchanges", async () =>
            {
                publisher.Publish(message);
                await link.PublishAsync(backlog.Take(1)!.Messages[0], traceParent: null, CancellationToken.None);
                backlog.Complete(1);
            }),
            new Contender("RabbitMQ.Client: bare JSON to a queue", async () =>
                await confirming.BasicPublishAsync("", PlainQueue, mandatory: true, properties, JsonSerializer.SerializeToUtf8Bytes(message))));
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var metrics = new UplinkMetrics(services.GetRequiredService<IMeterFactory>(), uplink, backlog);
        var delivery = new BatchDelivery(metrics, TimeProvider.System);
        publisher.Publish(message);
        var batch = Enumerable.Repeat(backlog.Take(1)!.Messages[0], BatchDelivery.LargestBatch).ToList();
        backlog.Complete(1);
        await Comparison.RunAsync("publish after an outage", "confirmed GpuSampled of 8 GPUs", batch.Count,
            new Contender($"uplink: {batch.Count} at once", () => DeliverAsync(delivery, link, batch)),
            new Contender("uplink: one after the other", async () =>
            {
                foreach (var one in batch)
                    await DeliverAsync(delivery, link, [one]);
            }));
        var stored = await confirming.MessageCountAsync(WireTopology.HistoryQueue);
        if (stored == 0)
            throw new InvalidOperationException("the uplink's messages did not arrive");
    }

    private static async Task DeliverAsync(BatchDelivery delivery, IBrokerLink link, List<UplinkMessage> batch)
    {
        if ((await delivery.DeliverAsync(link, batch, CancellationToken.None)).ConfirmedCount != batch.Count)
            throw new InvalidOperationException("the broker did not confirm all");
    }
}
