using GpuPlatform.Contracts;
using GpuPlatform.History.Live;

namespace GpuPlatform.Tests.History;

public sealed class NodeGuardTests
{
    private static readonly DateTimeOffset T = Samples.Now;
    private readonly NodeState _node = new("desk", T);

    [Fact]
    public void The_newest_step_of_each_gpu_is_shown_whatever_the_order()
    {
        _node.Apply(Samples.Host(T), T);
        _node.Apply(GuardSamples.Step with { ChangedAt = T.AddSeconds(2), To = GuardState.Yielded });
        _node.Apply(GuardSamples.Step with { ChangedAt = T.AddSeconds(1) });
        _node.Apply(GuardSamples.Step with { GpuUuid = "GPU-0" });

        Assert.Equal([("GPU-0", GuardState.Draining), ("GPU-1", GuardState.Yielded)], _node.Snapshot()!.Guard.Select(step => (step.GpuUuid, step.To)));
    }

    [Fact]
    public void A_gpu_that_the_host_no_longer_has_is_not_shown()
    {
        _node.Apply(GuardSamples.Step);
        _node.Apply(Samples.Tick(T) with { Gpus = [Samples.Gpu with { Uuid = "GPU-2" }] }, T);

        Assert.Empty(_node.Snapshot()!.Guard);
    }

    [Fact]
    public void The_rules_of_a_verdict_are_shown_with_the_process()
    {
        FiredRule[] rules = [new() { Name = "gaming/steam", Kind = WorkloadKind.Gaming, Confidence = 1, Reason = "it runs from a Steam library" }];
        _node.Apply(Samples.Host(T), T);
        _node.Apply(new GpuProcessObserved { NodeId = "desk", GpuUuid = "GPU-1", Pid = 7, StartedAt = T, Change = ProcessChange.Started, ObservedAt = T });
        _node.Apply(new ProcessClassified
        {
            NodeId = "desk", Pid = 7, StartedAt = T, Kind = WorkloadKind.Gaming, Confidence = 1, Rule = rules[0].Name, Reason = rules[0].Reason, ObservedAt = T, Rules = rules,
        });

        Assert.Equal(rules, _node.Snapshot()!.Processes[0].Rules);
    }
}
