using GpuPlatform.Contracts;
using GpuPlatform.Web.Readings;
using static GpuPlatform.Tests.Web.GuardSnapshots;

namespace GpuPlatform.Tests.Web.Readings;

public sealed class GuardWordsTests
{
    [Fact]
    public void A_state_names_who_has_the_gpu()
    {
        Assert.Equal("yielded to witcher3.exe", GuardWords.State(Whole[2]));
        Assert.Equal("yielded to process 7", GuardWords.State(Whole[2] with { Process = Game with { Name = null } }));
        Assert.Equal("yielded", GuardWords.State(Whole[2] with { Process = null }));
        Assert.Equal("free for models", GuardWords.State(Whole[^1]));
    }

    [Fact]
    public void Requests_are_told_only_where_there_are_some()
    {
        Assert.Null(GuardWords.Requests(Whole[0]));
        Assert.Equal("3 held, 1 cancelled", GuardWords.Requests(Whole[2] with { CancelledCount = 1 }));
    }

    [Fact]
    public void A_guard_that_is_off_is_told_and_one_of_which_nothing_is_known_only_until_something_happened()
    {
        Assert.Null(GuardWords.ByHand(Guarded(true)));
        Assert.StartsWith("It changes hands by hand only", GuardWords.ByHand(Guarded(false) with { Guard = Whole }), StringComparison.Ordinal);
        Assert.StartsWith("It changes hands by itself only where", GuardWords.ByHand(Guarded(null)), StringComparison.Ordinal);
        Assert.Equal(GuardWords.ByHand(Guarded(null)), GuardWords.ByHand(Snapshots.Node(Snapshots.Noon)));
        Assert.Null(GuardWords.ByHand(Guarded(null) with { Guard = Whole }));
    }

    [Theory]
    [InlineData("witcher3.exe plays", "witcher3.exe plays.")]
    [InlineData("it is hot.", "It is hot.")]
    [InlineData("", "")]
    public void A_reason_becomes_a_sentence(string reason, string sentence) => Assert.Equal(sentence, GuardWords.Sentence(reason));

    [Fact]
    public void Heat_is_told_by_how_much_is_held_back() =>
        Assert.Equal([null, "spared: few generations at a time", "spared: no new generation"], Enum.GetValues<ThrottleLevel>().Select(GuardWords.Throttle));

    [Fact]
    public void Every_state_throttle_and_cause_has_words_of_its_own()
    {
        Assert.Distinct(Enum.GetValues<GuardState>().Select(state => GuardWords.State(Whole[0] with { To = state, Process = null })));
        Assert.Distinct(Enum.GetValues<ThrottleLevel>().Select(level => GuardWords.Step(Spared(0, level))));
        var causes = Enum.GetValues<GuardCause>().Select(GuardWords.Cause).ToList();
        Assert.Distinct(causes);
        Assert.Single(causes, words => words == GuardWords.Cause(GuardCause.Unknown));
    }

    [Fact]
    public void A_heading_says_who_or_what_took_the_gpu()
    {
        Assert.Equal("To witcher3.exe", GuardWords.Title(HandOver.Of(Whole)[0]));
        Assert.Equal("Given away by hand", GuardWords.Title(HandOver.Of([Whole[0] with { Process = null, Cause = GuardCause.Manual }])[0]));
        // How it began is not known: the first step that is known tells what it can
        Assert.Equal("Nobody else uses it", GuardWords.Title(HandOver.Of([Whole[4] with { Reason = "nobody else uses it" }])[0]));
        Assert.StartsWith("Spared", GuardWords.Title(HandOver.Of([Spared(0, ThrottleLevel.Held)])[0]), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_has_the_gpu_after_another_is_told_with_the_time_since_then()
    {
        var passed = Step(600, GuardState.Yielded, GuardState.Yielded, Blender);

        Assert.Equal(("yielded to blender", "yielded", "yielded"), (GuardWords.State(passed), GuardWords.Step(passed), GuardWords.Class(passed with { Throttle = ThrottleLevel.Limited })));
        Assert.Equal("for 5 min", GuardWords.For(passed, passed.ChangedAt.AddMinutes(5)));
        Assert.Equal("To witcher3.exe, then blender", GuardWords.Title(HandOver.Of([.. Whole, passed])[0]));
        Assert.Equal("To witcher3.exe", GuardWords.Title(HandOver.Of([.. Whole, passed with { Process = Game with { Pid = 9 } }])[0]));
        Assert.Equal("To witcher3.exe, then 1 more and obs", GuardWords.Title(HandOver.Of([.. Whole, passed, passed with { ChangedAt = passed.ChangedAt.AddSeconds(1), Process = Blender with { Pid = 9, Name = "obs" } }])[0]));
    }

    [Fact]
    public void A_reason_that_begins_with_the_name_of_the_process_leaves_it_as_it_is()
    {
        var blender = Whole[0] with { Reason = "blender renders", Process = Game with { Name = "blender" } };

        Assert.Equal("blender renders.", GuardWords.Why(blender));
        Assert.Equal("All streams ended.", GuardWords.Why(blender with { Reason = "all streams ended" }));
        Assert.Equal("Blender renders.", GuardWords.Why(blender with { Process = null }));
    }

    [Fact]
    public void How_long_it_has_been_so_is_told_of_the_throttle_where_that_alone_changed()
    {
        Assert.Equal("for 5 min", GuardWords.For(Whole[0], Whole[0].ChangedAt.AddMinutes(5)));
        Assert.Equal("just now", GuardWords.For(Whole[0], Whole[0].ChangedAt));
        Assert.Equal("spared no more for 5 min", GuardWords.For(Spared(60, ThrottleLevel.None), Snapshots.Noon.AddMinutes(6)));
    }

    [Fact]
    public void The_question_names_the_kind()
    {
        Assert.Equal("Why is this gaming?", KindWhy.Question(WorkloadKind.Gaming));
        Assert.Equal("Why is it not classified?", KindWhy.Question(null));
    }

    [Fact]
    public void A_view_is_its_address_and_unreadable_parts_are_left_out()
    {
        Assert.Equal("/hand-overs?range=7d&node=a%26b", HandOverView.Parse("7d", "a&b").ToAddress());
        Assert.Equal(new HandOverView(), HandOverView.Parse("1h", " "));
        var question = HandOverView.Parse(null, null).At(Snapshots.Noon.AddMilliseconds(1));
        Assert.Equal((Snapshots.Noon.AddDays(-1).AddSeconds(1), Snapshots.Noon.AddSeconds(1)), (question.From, question.To));
    }

    private static NodeSnapshot Guarded(bool? isOn) => Snapshots.Node(Snapshots.Noon) with
    {
        Host = new HostSampled { NodeId = "desk", SampledAt = Snapshots.Noon, Collector = new CollectorStatus { Version = "1", GpuSource = "nvml", GuardEnabled = isOn } },
    };
}
