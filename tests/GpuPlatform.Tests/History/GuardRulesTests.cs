using GpuPlatform.Contracts;
using GpuPlatform.History.Ingest;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.History;

public sealed class GuardRulesTests
{
    private static readonly MessageRules Messages = new(new ManualTimeProvider(Samples.Now), TimeSpan.FromMinutes(5));
    private readonly GuardRules _rules = new(Messages);

    [Fact]
    public void Steps_in_order_are_accepted()
    {
        Assert.Null(_rules.Check(GuardSamples.Step));
        Assert.Null(_rules.Check(GuardSamples.Step with { Process = null, InStateMs = null, MemoryUsedBytes = null, MemoryUsedBeforeBytes = null, Models = [] }));
        Assert.Null(_rules.Check(GuardSamples.Step with { Process = GuardSamples.Step.Process! with { Kind = null, Name = null } }));
    }

    public static TheoryData<string, GuardChanged> Impossible => new()
    {
        { "empty:nodeId", GuardSamples.Step with { NodeId = null! } },
        { "control-character:gpuUuid", GuardSamples.Step with { GpuUuid = "GPU\n1" } },
        { "in-the-future:changedAt", GuardSamples.Step with { ChangedAt = Samples.Now.AddMinutes(6) } },
        { "empty:handOverId", GuardSamples.Step with { HandOverId = Guid.Empty } },
        { "unknown:from", GuardSamples.Step with { From = (GuardState)99 } },
        { "unknown:to", GuardSamples.Step with { To = (GuardState)99 } },
        { "unknown:throttle", GuardSamples.Step with { Throttle = (ThrottleLevel)99 } },
        { "unknown:cause", GuardSamples.Step with { Cause = (GuardCause)99 } },
        { "missing:reason", GuardSamples.Step with { Reason = null! } },
        { "too-long:reason", GuardSamples.Step with { Reason = new string('x', 1025) } },
        { "not-a-number:inStateMs", GuardSamples.Step with { InStateMs = double.NaN } },
        { "negative:memoryUsedBytes", GuardSamples.Step with { MemoryUsedBytes = -1 } },
        { "negative:heldCount", GuardSamples.Step with { HeldCount = -1 } },
        { "negative:cancelledCount", GuardSamples.Step with { CancelledCount = -1 } },
        { "missing:models", GuardSamples.Step with { Models = [null!] } },
        { "too-long:models", GuardSamples.Step with { Models = [new string('x', 513)] } },
        { "too-many:models", GuardSamples.Step with { Models = [.. Enumerable.Repeat("m", 1001)] } },
        { "not-positive:process.pid", GuardSamples.Step with { Process = GuardSamples.Step.Process! with { Pid = 0 } } },
        { "too-old:process.startedAt", GuardSamples.Step with { Process = GuardSamples.Step.Process! with { StartedAt = default } } },
        { "unknown:process.kind", GuardSamples.Step with { Process = GuardSamples.Step.Process! with { Kind = (WorkloadKind)99 } } },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void An_impossible_field_refuses_the_step_by_name(string problem, GuardChanged step) => Assert.Equal(problem, _rules.Check(step));

    [Fact]
    public void An_impossible_fired_rule_refuses_the_verdict_by_name()
    {
        var rule = new FiredRule { Name = "gaming/steam", Kind = WorkloadKind.Gaming, Confidence = 0.9, Reason = "it runs from a Steam library" };
        var verdict = new ProcessClassified
        {
            NodeId = "desk", Pid = 1, StartedAt = Samples.Now, Kind = WorkloadKind.Gaming, Confidence = 1, Rule = "r", Reason = "", ObservedAt = Samples.Now,
        };

        Assert.Null(Messages.Check(verdict with { Rules = [rule] }));
        Assert.Equal("missing:rules", Messages.Check(verdict with { Rules = [null!] }));
        Assert.Equal("empty:rules.name", Messages.Check(verdict with { Rules = [rule with { Name = "" }] }));
        Assert.Equal("out-of-range:rules.confidence", Messages.Check(verdict with { Rules = [rule with { Confidence = 2 }] }));
        Assert.Equal("unknown:rules.kind", Messages.Check(verdict with { Rules = [rule with { Kind = (WorkloadKind)99 }] }));
        Assert.Equal("too-many:rules", Messages.Check(verdict with { Rules = [.. Enumerable.Repeat(rule, 257)] }));
    }
}
