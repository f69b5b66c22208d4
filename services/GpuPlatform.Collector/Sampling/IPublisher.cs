using System.Text.Json.Serialization;
using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Uplink;
using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Sampling;

/// <summary>Where the collector's messages go. Never blocks.</summary>
internal interface IPublisher
{
    long QueuedCount { get; }

    long DroppedCount { get; }

    void Publish(GpuSampled message);

    void Publish(HostSampled message);

    void Publish(GpuProcessObserved message);
}

/// <summary>To the broker.</summary>
internal sealed class UplinkPublisher(BrokerUplink uplink) : IPublisher, ILlmPublisher, IGuardPublisher
{
    public long QueuedCount => uplink.QueuedCount;

    public long DroppedCount => uplink.DroppedCount;

    public void Publish(GpuSampled message) => uplink.Enqueue(message, WireJson.Default.EnvelopeGpuSampled);

    public void Publish(HostSampled message) => uplink.Enqueue(message, WireJson.Default.EnvelopeHostSampled);

    public void Publish(GpuProcessObserved message) => uplink.Enqueue(message, WireJson.Default.EnvelopeGpuProcessObserved);

    public void Publish(LlmRequestCompleted message) => uplink.Enqueue(message, WireJson.Default.EnvelopeLlmRequestCompleted);

    // Only the newest counts: what waited for the broker would be news of the past
    public void Publish(LlmActivity message)
    {
        if (uplink.State == UplinkState.Connected) uplink.Enqueue(message, WireJson.Default.EnvelopeLlmActivity);
    }

    public void Publish(ModelResidencyChanged message) => uplink.Enqueue(message, WireJson.Default.EnvelopeModelResidencyChanged);

    public void Publish(GuardChanged message) => uplink.Enqueue(message, WireJson.Default.EnvelopeGuardChanged);
}

/// <summary>How messages are written on the wire.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Envelope<GpuSampled>))]
[JsonSerializable(typeof(Envelope<HostSampled>))]
[JsonSerializable(typeof(Envelope<GpuProcessObserved>))]
[JsonSerializable(typeof(Envelope<LlmRequestCompleted>))]
[JsonSerializable(typeof(Envelope<LlmActivity>))]
[JsonSerializable(typeof(Envelope<ModelResidencyChanged>))]
[JsonSerializable(typeof(Envelope<GuardChanged>))]
[JsonSerializable(typeof(Envelope<NodeAnswered>))]
internal sealed partial class WireJson : JsonSerializerContext;
