using GpuPlatform.Collector.Ollama.Requests;
using GpuPlatform.Collector.Uplink;
using GpuPlatform.Contracts;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Collector.Ollama.Telemetry;

/// <summary>Sends records. One whose prompt and reply are too large for a message goes without them: nothing else of it may be lost.</summary>
internal sealed class PublishingSink(ILlmPublisher publisher, IOptions<UplinkOptions> uplink) : IRecordSink
{
    // A character takes at most six bytes of JSON; the rest of a record and its envelope stay far below this
    private const int MostBytesPerCharacter = 6;
    private const int RestBytes = 32 * 1024;

    public void Take(LlmRequestCompleted record) =>
        publisher.Publish(record.Content is { } content && !Fits(content) ? record with { Content = new LlmContent { Truncated = true } } : record);

    private bool Fits(LlmContent content)
    {
        var characters = (long)(content.Request?.Length ?? 0) + (content.Response?.Length ?? 0) + (content.RequestHeaders?.Sum(header => header.Key.Length + header.Value.Length + 8L) ?? 0);
        return characters * MostBytesPerCharacter + RestBytes <= Math.Min(UplinkMessage.LargestBodyBytes, uplink.Value.QueueCapacityBytes);
    }
}
