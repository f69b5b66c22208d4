using GpuPlatform.Contracts;
using GpuPlatform.Web.Readings;
using static GpuPlatform.Tests.Web.GuardSnapshots;
using static GpuPlatform.Tests.Web.Snapshots;

namespace GpuPlatform.Tests.Web.Readings;

public sealed class HandOverTests
{
    [Fact]
    public void Steps_of_one_story_are_told_in_order_with_how_long_each_state_lasted()
    {
        var story = Assert.Single(HandOver.Of(Whole.Reverse()));

        Assert.Equal([GuardState.Draining, GuardState.Evicting, GuardState.Yielded, GuardState.Warming, GuardState.Serving], story.Steps.Select(step => step.Change.To));
        Assert.Equal([0.2, 0.4, 3599.4, 5d, null], story.Steps.Select(step => step.Lasted?.TotalSeconds));
        Assert.Equal((true, 0.6, 20 * Gib, 2 * Gib, 3), (story.IsOver, story.UntilYielded!.Value.TotalSeconds, story.MemoryBeforeBytes, story.MemoryAfterBytes, story.HeldCount));
        Assert.Equal(Game, story.Process);
    }

    [Fact]
    public void Stories_are_newest_first_and_two_gpus_of_one_are_apart()
    {
        var other = Whole[0] with { HandOverId = Guid.NewGuid(), ChangedAt = Noon.AddHours(2) };
        var stories = HandOver.Of([.. Whole, other, Whole[0] with { GpuUuid = "GPU-b" }]);

        Assert.Equal([("GPU-a", false), ("GPU-a", true), ("GPU-b", false)], stories.Select(story => (story.GpuUuid, story.IsOver)));
        Assert.Equal((null, null), (stories[0].UntilYielded, stories[0].MemoryAfterBytes));
    }

    [Fact]
    public void A_story_whose_beginning_is_not_known_says_nothing_of_the_time_to_yield() =>
        Assert.Null(HandOver.Of(Whole[2..])[0].UntilYielded);

    [Fact]
    public void Heat_alone_is_a_story_of_its_own_that_ends_when_nothing_is_held_back()
    {
        var hot = Step(0, GuardState.Serving, GuardState.Serving) with { Throttle = ThrottleLevel.Limited };

        Assert.Equal((true, false), (HandOver.Of([hot])[0].IsThrottleOnly, HandOver.Of([hot])[0].IsOver));
        Assert.True(HandOver.Of([hot, Step(60, GuardState.Serving, GuardState.Serving)])[0].IsOver);
    }
}
