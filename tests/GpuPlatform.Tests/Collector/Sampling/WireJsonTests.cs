using System.Text.Json;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Collector.Uplink;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Collector.Sampling;

public sealed class WireJsonTests
{
    private static readonly DateTimeOffset Instant = new(2026, 1, 15, 12, 0, 0, 250, TimeSpan.Zero);

    [Fact]
    public void A_reading_the_driver_did_not_give_is_not_on_the_wire()
    {
        var sample = new GpuSample { Uuid = "u", Index = 0, Name = "c", PowerWatts = 0 };
        var sampled = new GpuSampled { NodeId = "n", SampledAt = Instant, Gpus = [sample] };
        var gpu = Message(sampled, WireJson.Default.EnvelopeGpuSampled).GetProperty("gpus")[0];
        Assert.Equal(["uuid", "index", "name", "state", "powerWatts"], gpu.EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public void Enumerations_travel_as_their_names()
    {
        var observed = new GpuProcessObserved
        {
            NodeId = "n", GpuUuid = "u", Pid = 7, StartedAt = Instant, ObservedAt = Instant, Change = ProcessChange.Started,
            Context = GpuContext.ComputeAndGraphics,
        };
        var message = Message(observed, WireJson.Default.EnvelopeGpuProcessObserved);
        Assert.Equal("started", message.GetProperty("change").GetString());
        Assert.Equal("compute+graphics", message.GetProperty("context").GetString());
    }

    private static JsonElement Message<T>(T message, System.Text.Json.Serialization.Metadata.JsonTypeInfo<Envelope<T>> type)
    {
        var envelope = new Envelope<T>(Guid.NewGuid(), [WireTopology.UrnFor<T>()], Instant, message);
        return JsonSerializer.SerializeToElement(envelope, type).GetProperty("message");
    }
}
