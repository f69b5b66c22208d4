using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace GpuPlatform.Collector.Uplink;

/// <summary>Takes messages without ever blocking and delivers them to the broker in the background.</summary>
internal sealed class BrokerUplink(UplinkTopology topology, UplinkBacklog backlog, TimeProvider time, bool isEnabled)
{
    private volatile UplinkState _state = isEnabled ? UplinkState.Disconnected : UplinkState.Disabled;

    public UplinkState State
    {
        get => _state;
        internal set => _state = value;
    }

    /// <summary>Messages waiting to be taken by the broker.</summary>
    public long QueuedCount => backlog.Count;

    /// <summary>Messages given up, since start: for lack of room, or because the disk did not give them back.</summary>
    public long DroppedCount => backlog.DroppedCount + backlog.Losses.Damaged + backlog.Losses.UnknownType;

    /// <summary>Hands a message over. Returns at once; when there is no room the oldest messages are dropped and counted.</summary>
    /// <exception cref="ArgumentException">The message holds a number that JSON cannot say (NaN, infinity): missing is null.</exception>
    public void Enqueue<T>(T message, JsonTypeInfo<Envelope<T>> type)
    {
        var route = topology.RouteOf<T>();
        if (_state == UplinkState.Disabled) return;

        var id = Guid.CreateVersion7(time.GetUtcNow());
        var body = JsonSerializer.SerializeToUtf8Bytes(new Envelope<T>(id, [route.Urn], time.GetUtcNow(), message), type);
        backlog.Add(new(id, route, body, Activity.Current?.Id, time.GetTimestamp()));
    }
}
