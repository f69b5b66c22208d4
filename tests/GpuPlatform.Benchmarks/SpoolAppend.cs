using System.Text.Json;
using GpuPlatform.Collector.Sampling;
using GpuPlatform.Collector.Uplink;
using GpuPlatform.Collector.Uplink.Spooling;
using GpuPlatform.Contracts;

namespace GpuPlatform.Benchmarks;

/// <summary>A tick of 8 GPUs to disk while the broker is away, and back: the spool with what makes it safe, and the bare bytes to and from a file.</summary>
internal static class SpoolAppend
{
    private const int CapacityBytes = 64 << 20;
    private const int MessagesPerBatch = 100;
    private const int MessagesPerSegment = 1_300;

    public static async Task RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("gpuplatform-benchmarks-").FullName;
        try
        {
            var topology = new UplinkTopology().Add<GpuSampled>();
            var message = NewMessage(topology);
            using var spool = new Spool(Path.Combine(folder, "spool"), SpoolLimits.For(CapacityBytes), topology.Find);
            var path = Path.Combine(folder, "plain");
            await using var plain = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);

            await AppendAsync("spool, one message at a time", spool, plain, message, 1);
            await AppendAsync("spool, a hundred at once", spool, plain, message, MessagesPerBatch);
            if (spool.Losses is not { PushedOut: > 0, Damaged: 0 } || spool.Bytes > CapacityBytes)
                throw new InvalidOperationException("the spool did not keep its bound");
            Drain(spool);
            await ThereAndBackAsync(spool, plain, message);
            if (spool.Losses.Damaged > 0)
                throw new InvalidOperationException("the spool lost messages");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task AppendAsync(string title, Spool spool, FileStream plain, UplinkMessage message, int count)
    {
        var batch = Enumerable.Repeat(message, count).ToList();
        var bytes = Enumerable.Repeat(message.Body.ToArray(), count).SelectMany(body => body).ToArray();
        return Comparison.RunAsync(title, "GpuSampled of 8 GPUs", count,
            new Contender("spool: record, checksum, segments, oldest out", () => spool.Append(batch, [])),
            new Contender("FileStream: the body over and over", () =>
            {
                if (plain.Position > CapacityBytes) plain.Position = 0;
                plain.Write(bytes);
            }));
    }

    // The way of an outage: a segment is written, closed (which flushes it to the disk), read in batches and deleted
    private static Task ThereAndBackAsync(Spool spool, FileStream plain, UplinkMessage message)
    {
        var batch = Enumerable.Repeat(message, MessagesPerSegment).ToList();
        var bytes = batch.SelectMany(one => one.Body.ToArray()).ToArray();
        return Comparison.RunAsync("spool, there and back", "GpuSampled of 8 GPUs", MessagesPerSegment,
            new Contender("spool: append, peek, remove", () =>
            {
                spool.Append(batch, []);
                Drain(spool);
            }),
            new Contender("FileStream: write, flush, read", () =>
            {
                plain.SetLength(0);
                plain.Write(bytes);
                plain.Flush(flushToDisk: true);
                plain.Position = 0;
                plain.ReadExactly(bytes);
            }));
    }

    private static void Drain(Spool spool)
    {
        while (spool.Count > 0)
        {
            var (messages, ends) = (new List<UplinkMessage>(), new List<SpoolPosition>());
            spool.Peek(BatchDelivery.LargestBatch, int.MaxValue, messages, ends);
            spool.Remove(ends);
        }
    }

    private static UplinkMessage NewMessage(UplinkTopology topology)
    {
        var route = topology.RouteOf<GpuSampled>();
        var tick = Messages.Tick("desk", new DateTimeOffset(2026, 11, 21, 12, 0, 0, 123, TimeSpan.Zero), gpus: 8);
        var envelope = new Envelope<GpuSampled>(Guid.CreateVersion7(), [route.Urn], tick.SampledAt, tick);
        return new(envelope.MessageId, route, JsonSerializer.SerializeToUtf8Bytes(envelope, WireJson.Default.EnvelopeGpuSampled),
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    }
}
