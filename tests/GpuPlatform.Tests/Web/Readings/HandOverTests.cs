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
        Assert.Equal([Game], story.Takers);
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
    public void How_long_it_took_in_all_is_told_only_when_beginning_and_end_are_known()
    {
        Assert.Equal(3605, HandOver.Of(Whole)[0].Took!.Value.TotalSeconds);
        Assert.Equal((false, null), (HandOver.Of(Whole[1..])[0].HasBeginning, HandOver.Of(Whole[1..])[0].Took));
        Assert.Null(HandOver.Of(Whole[..4])[0].Took);
    }

    [Fact]
    public void It_is_under_way_when_the_newest_step_of_its_gpu_says_so()
    {
        var story = HandOver.Of(Whole[..3])[0];

        Assert.True(story.IsUnderWay(Whole[2]));
        Assert.False(story.IsUnderWay(null));
        // Another one began since: how this one ended was never told
        Assert.False(story.IsUnderWay(Whole[0] with { HandOverId = Guid.NewGuid() }));
        Assert.False(HandOver.Of(Whole)[0].IsUnderWay(Whole[^1]));
    }

    [Fact]
    public void Heat_that_goes_on_in_a_hand_over_is_under_way_until_the_gpu_is_spared_no_more()
    {
        var hot = HandOver.Of([Spared(0, ThrottleLevel.Limited)])[0];
        var other = Whole[0] with { HandOverId = Guid.NewGuid() };

        Assert.True(hot.IsUnderWay(other with { Throttle = ThrottleLevel.Held }));
        Assert.True(hot.IsUnderWay(other with { From = GuardState.Yielded, To = GuardState.Yielded, Throttle = ThrottleLevel.Held }));
        Assert.False(hot.IsUnderWay(other));
        Assert.False(HandOver.Of([Spared(0, ThrottleLevel.None)])[0].HasBeginning);
    }

    [Fact]
    public void Heat_alone_is_a_story_of_its_own_that_ends_when_nothing_is_held_back()
    {
        var hot = Spared(0, ThrottleLevel.Limited);

        Assert.Equal((true, false), (HandOver.Of([hot])[0].IsThrottleOnly, HandOver.Of([hot])[0].IsOver));
        Assert.True(HandOver.Of([hot, Spared(60, ThrottleLevel.None)])[0].IsOver);
    }

    [Fact]
    public void A_gpu_that_passes_to_another_stays_one_story_in_which_each_has_its_time()
    {
        var passed = Step(600, GuardState.Yielded, GuardState.Yielded, Blender, 9);
        var story = Assert.Single(HandOver.Of([.. Whole, passed]));

        Assert.Equal([Game, Blender], story.Takers);
        Assert.Equal([0.2, 0.4, 599.4, 3000, 5d, null], story.Steps.Select(step => step.Lasted?.TotalSeconds));
        Assert.Equal((0.6, 3605d, 2 * Gib, 3), (story.UntilYielded!.Value.TotalSeconds, story.Took!.Value.TotalSeconds, story.MemoryAfterBytes, story.HeldCount));
    }

    [Fact]
    public void Of_a_story_that_began_before_the_range_who_has_the_gpu_now_is_no_throttle()
    {
        var passed = Step(600, GuardState.Yielded, GuardState.Yielded, Blender, 9);
        var story = Assert.Single(HandOver.Of([passed]));

        Assert.Equal((false, false, false), (story.IsThrottleOnly, story.HasBeginning, story.IsOver));
        Assert.True(story.IsUnderWay(passed));
        Assert.Equal((null, null), (story.UntilYielded, story.MemoryAfterBytes));
    }
}
