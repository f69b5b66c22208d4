using GpuPlatform.Contracts;
using GpuPlatform.History.Questions;

namespace GpuPlatform.Tests.History.Questions;

public sealed class AnswerRulesTests
{
    private static readonly GuardGpu OneGuarded = new()
    {
        GpuUuid = "GPU-1", GpuIndex = 0, State = GuardState.Yielded, Since = Samples.Now, Throttle = ThrottleLevel.None, Reason = "given away by hand",
    };

    private static readonly GpuCapacity OneGpu = new() { GpuUuid = "GPU-1", GpuIndex = 0, Name = "Test", UsedByKind = [new(null, 1, 1)] };

    private static readonly PlacementReport Place = new()
    {
        NodeId = "desk", NeededBytes = 1, NeededFrom = NeedSource.Asked, Fit = PlacementFit.Now, Reason = "r", Gpus = [new("GPU-1", 0, PlacementFit.Now, "r")],
    };

    private static readonly NodeAnswered Answer = new()
    {
        RequestId = Guid.NewGuid(), NodeId = "desk", AnsweredAt = Samples.Now, Guard = Report([OneGuarded]), Capacity = Room([OneGpu]), Placement = Place,
    };

    [Fact]
    public void An_answer_in_order_is_accepted()
    {
        Assert.Null(AnswerRules.Check(Answer));
        Assert.Null(AnswerRules.Check(Answer with { Guard = null, Capacity = null, Placement = null, Problem = "no" }));
    }

    public static TheoryData<string, NodeAnswered> Impossible => new()
    {
        { "empty:nodeId", Answer with { NodeId = "" } },
        { "too-old:answeredAt", Answer with { AnsweredAt = default } },
        { "too-long:problem", Answer with { Problem = new string('x', 1025) } },
        { "missing:guard.gpus", Answer with { Guard = Report(null!) } },
        { "missing:guard.gpus", Answer with { Guard = Report([null!]) } },
        { "too-many:guard.gpus", Answer with { Guard = Report([.. Enumerable.Repeat(OneGuarded, 257)]) } },
        { "unknown:guard.gpus.state", Answer with { Guard = Report([OneGuarded with { State = (GuardState)99 }]) } },
        { "missing:guard.gpus.reason", Answer with { Guard = Report([OneGuarded with { Reason = null! }]) } },
        { "missing:capacity.gpus.name", Answer with { Capacity = Room([OneGpu with { Name = null! }]) } },
        { "negative:capacity.gpus.freeBytes", Answer with { Capacity = Room([OneGpu with { FreeBytes = -1 }]) } },
        { "missing:capacity.gpus.usedByKind", Answer with { Capacity = Room([OneGpu with { UsedByKind = [null!] }]) } },
        { "not-a-number:capacity.gpus.trendBytesPerMinute", Answer with { Capacity = Room([OneGpu with { TrendBytesPerMinute = double.NaN }]) } },
        { "not-positive:placement.neededBytes", Answer with { Placement = Place with { NeededBytes = 0 } } },
        { "unknown:placement.fit", Answer with { Placement = Place with { Fit = (PlacementFit)99 } } },
        { "missing:placement.gpus", Answer with { Placement = Place with { Gpus = null! } } },
        { "missing:placement.gpus.reason", Answer with { Placement = Place with { Gpus = [new("GPU-1", 0, PlacementFit.Now, null!)] } } },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void An_impossible_field_refuses_the_answer_by_name(string problem, NodeAnswered answer) => Assert.Equal(problem, AnswerRules.Check(answer));

    private static GuardReport Report(IReadOnlyList<GuardGpu> gpus) => new() { NodeId = "desk", Enabled = true, Gpus = gpus, HeldCount = 0 };

    private static CapacityReport Room(IReadOnlyList<GpuCapacity> gpus) => new() { NodeId = "desk", Gpus = gpus };
}
