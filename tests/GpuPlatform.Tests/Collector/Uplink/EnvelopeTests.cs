using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using GpuPlatform.Collector.Uplink;
using GpuPlatform.Contracts;
using MassTransit;
using MassTransit.Serialization;

namespace GpuPlatform.Tests.Collector.Uplink;

public sealed class EnvelopeTests
{
    [Fact]
    public void The_bus_library_reads_what_the_uplink_writes()
    {
        Reads(Samples.Gpu(), UplinkJson.Default.EnvelopeGpuSampled);
        Reads(Samples.Gpu() with { Gpus = [] }, UplinkJson.Default.EnvelopeGpuSampled);
        Reads(Samples.Host(), UplinkJson.Default.EnvelopeHostSampled);
        Reads(Samples.Observed(), UplinkJson.Default.EnvelopeGpuProcessObserved);
        Reads(Samples.Observed() with { Context = null, CommandLine = null, Change = ProcessChange.Exited }, UplinkJson.Default.EnvelopeGpuProcessObserved);
        Reads(Samples.Classified(), UplinkJson.Default.EnvelopeProcessClassified);
    }

    [Fact]
    public void The_uplink_reads_what_the_bus_library_writes()
    {
        ReadsBack(Samples.Gpu(), UplinkJson.Default.EnvelopeGpuSampled);
        ReadsBack(Samples.Host(), UplinkJson.Default.EnvelopeHostSampled);
        ReadsBack(Samples.Observed(), UplinkJson.Default.EnvelopeGpuProcessObserved);
        ReadsBack(Samples.Classified(), UplinkJson.Default.EnvelopeProcessClassified);
    }

    [Fact]
    public void Enumerations_travel_by_name()
    {
        Assert.Contains("\"change\": \"changed\"", JsonSerializer.Serialize(Samples.Observed(), SystemTextJsonMessageSerializer.Options), StringComparison.Ordinal);
        Assert.Contains("\"context\":\"compute\\u002Bgraphics\"", JsonSerializer.Serialize(Samples.Observed(), UplinkJson.Default.GpuProcessObserved), StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_that_is_none_never_gets_on_the_wire()
    {
        var broken = Samples.Host() with { CpuPercent = double.NaN };

        Assert.Throws<ArgumentException>(() => Written(broken, UplinkJson.Default.EnvelopeHostSampled));
    }

    private static void Reads<T>(T message, JsonTypeInfo<Envelope<T>> type) where T : class
    {
        var written = Written(message, type);
        var context = new SystemTextJsonMessageSerializer().Deserialize(new BytesMessageBody(written.Body.ToArray()), new DictionarySendHeaders());

        Assert.Equal(written.Id, context.MessageId);
        Assert.True(context.TryGetMessage<T>(out var read));
        Assert.False(context.TryGetMessage<Unrelated>(out _));
        Assert.Equal(Json(message), Json(read!));
    }

    private static void ReadsBack<T>(T message, JsonTypeInfo<Envelope<T>> type)
    {
        var envelope = new { messageId = Guid.NewGuid(), messageType = new[] { WireTopology.UrnFor<T>() }, sentTime = DateTime.UtcNow, message, host = new { machineName = "x" } };
        var read = JsonSerializer.Deserialize(JsonSerializer.SerializeToUtf8Bytes(envelope, SystemTextJsonMessageSerializer.Options), type);

        Assert.Equal(envelope.messageId, read!.MessageId);
        Assert.Equal(Json(message), Json(read.Message));
    }

    private static UplinkMessage Written<T>(T message, JsonTypeInfo<Envelope<T>> type)
    {
        var backlog = new UplinkBacklog(new(10, 1_000_000), spool: null, TimeProvider.System);
        new BrokerUplink(new UplinkTopology().Add<T>(), backlog, TimeProvider.System, isEnabled: true).Enqueue(message, type);
        return Assert.Single(backlog.Take(2)!.Messages);
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, SystemTextJsonMessageSerializer.Options);

    internal sealed record Unrelated(string Name);
}
