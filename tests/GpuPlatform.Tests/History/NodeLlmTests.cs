using GpuPlatform.Contracts;
using GpuPlatform.History.Live;

namespace GpuPlatform.Tests.History;

public sealed class NodeLlmTests
{
    private static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(10);
    private static readonly DateTimeOffset T = Samples.Now;
    private readonly NodeState _node = new("desk", T);

    [Fact]
    public void The_newest_activity_is_shown_and_a_late_one_replaces_nothing()
    {
        Apply(2, LlmSamples.Running);
        Apply(1);

        Assert.Equal(T.AddSeconds(2), _node.Snapshot()!.Llm!.SampledAt);
        Assert.Single(_node.Snapshot()!.Llm!.InFlight);
    }

    [Fact]
    public void A_node_that_only_says_what_its_model_servers_do_is_known()
    {
        Apply(0);

        Assert.Equal((T, false), (_node.Snapshot()!.LastSeenAt, _node.Snapshot()!.Stale));
    }

    [Fact]
    public void Activity_that_is_not_renewed_goes_while_the_rest_of_the_node_stays()
    {
        Apply(0, LlmSamples.Running);
        _node.Apply(Samples.Host(T.AddSeconds(8)), T.AddSeconds(8));

        Assert.False(_node.Tick(T.AddSeconds(10), StaleAfter));
        Assert.NotNull(_node.Snapshot()!.Llm);
        Assert.True(_node.Tick(T.AddSeconds(11), StaleAfter));
        Assert.Equal((null, false), (_node.Snapshot()!.Llm, _node.Snapshot()!.Stale));
        Assert.False(_node.Tick(T.AddSeconds(12), StaleAfter));
    }

    [Fact]
    public void Activity_that_went_does_not_come_back_with_an_older_one()
    {
        Apply(5);
        _node.Tick(T.AddSeconds(60), StaleAfter);
        _node.Apply(LlmSamples.Activity(T.AddSeconds(4)), T.AddSeconds(60));
        Assert.Null(_node.Snapshot()!.Llm);

        _node.Apply(LlmSamples.Activity(T.AddSeconds(60)), T.AddSeconds(60));
        Assert.NotNull(_node.Snapshot()!.Llm);
    }

    private void Apply(double seconds, params LlmRunningRequest[] running) =>
        _node.Apply(LlmSamples.Activity(T.AddSeconds(seconds), running), T.AddSeconds(seconds));
}
