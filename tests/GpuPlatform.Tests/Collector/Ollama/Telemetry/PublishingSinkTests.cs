using GpuPlatform.Collector.Ollama;
using GpuPlatform.Collector.Ollama.Telemetry;
using GpuPlatform.Collector.Uplink;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Tests.Collector.Ollama.Telemetry;

public sealed class PublishingSinkTests
{
    [Fact]
    public void A_prompt_that_no_message_can_hold_stays_behind_and_the_record_goes()
    {
        var requests = new RequestFixture(new ManualTimeProvider());
        var (publisher, record) = (new PublisherDouble(), requests.Record(requests.Request(), 1));
        var sink = new PublishingSink(publisher, Options.Create(new UplinkOptions()));
        sink.Take(record with { Content = new LlmContent { Request = new string('ä', 300_000) } });
        sink.Take(record with { Content = new LlmContent { Request = new string('ä', 700_000), Response = new string('ö', 700_000) } });
        Assert.Equal(300_000, publisher.Completed[0].Content!.Request!.Length);
        Assert.Equal((record.RequestId, null, true), (publisher.Completed[1].RequestId, publisher.Completed[1].Content!.Request, publisher.Completed[1].Content!.Truncated));
    }

    private sealed class PublisherDouble : ILlmPublisher
    {
        public List<LlmRequestCompleted> Completed { get; } = [];

        public void Publish(LlmRequestCompleted message) => Completed.Add(message);

        public void Publish(LlmActivity message)
        {
        }

        public void Publish(ModelResidencyChanged message)
        {
        }
    }
}
