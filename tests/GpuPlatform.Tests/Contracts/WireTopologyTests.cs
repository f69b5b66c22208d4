using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Contracts;

public sealed class WireTopologyTests
{
    [Fact]
    public void Exchange_and_urn_follow_the_namespace_and_the_type()
    {
        Assert.Equal("GpuPlatform.Contracts:GpuSampled", WireTopology.ExchangeFor<GpuSampled>());
        Assert.Equal("urn:message:GpuPlatform.Contracts:GpuSampled", WireTopology.UrnFor<GpuSampled>());
    }

    [Fact]
    public void Process_events_reach_the_history_and_the_classifier()
    {
        Assert.Equal([WireTopology.HistoryQueue, WireTopology.ClassifierQueue], WireTopology.QueuesFor<GpuProcessObserved>());
    }

    [Fact]
    public void A_question_and_its_answers_wait_for_nobody()
    {
        Assert.Empty(WireTopology.QueuesFor<NodeAsked>());
        Assert.Empty(WireTopology.QueuesFor<NodeAnswered>());
    }
}
