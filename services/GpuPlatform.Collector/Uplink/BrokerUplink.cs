using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace GpuPlatform.Collector.Uplink;

/// <summary>Takes messages without ever blocking and delivers them to the broker in the background.</summary>
internal sealed class BrokerUplink(UplinkTopology topology, UplinkQueue queue, TimeProvider time, bool isEnabled)
{
    private volatile UplinkState _state = isEnabled ? UplinkState.Disconnected : UplinkState.Disabled;

    public UplinkState State
    {
        get => _state;
        internal set => _state = value;
    }

    /// <summary>Messages waiting to be taken by the broker.</summary>
    public long QueuedCount => queue.Count;

    /// <summary>Messages given up because the queue was full, since start.</summary>
    public long DroppedCount => queue.DroppedCount;

    /// <summary>Hands a message over. Returns at once; when the queue is full the oldest message is dropped and counted.</summary>
    /// <exception cref="ArgumentException">The message holds a number that JSON cannot say (NaN, infinity): missing is null.</exception>
    public void Enqueue<T>(T message, JsonTypeInfo<Envelope<T>> type)
    {
        var route = topology.RouteOf<T>();
        if (_state == UplinkState.Disabled) return;

        var id = Guid.CreateVersion7(time.GetUtcNow());
        var body = JsonSerializer.SerializeToUtf8Bytes(new Envelope<T>(id, [route.Urn], time.GetUtcNow(), message), type);
        queue.Add(new(id, route, body, Activity.Current?.Id));
    }
}
