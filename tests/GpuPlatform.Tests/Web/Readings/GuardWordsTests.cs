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
        Assert.Equal("serving models", GuardWords.State(Whole[^1]));
    }

    [Fact]
    public void Requests_are_told_only_where_there_are_some()
    {
        Assert.Null(GuardWords.Requests(Whole[0]));
        Assert.Equal("3 held, 1 cancelled", GuardWords.Requests(Whole[2] with { CancelledCount = 1 }));
    }

    [Theory]
    [InlineData("witcher3.exe plays", "witcher3.exe plays.")]
    [InlineData("it is hot.", "It is hot.")]
    [InlineData("", "")]
    public void A_reason_becomes_a_sentence(string reason, string sentence) => Assert.Equal(sentence, GuardWords.Sentence(reason));

    [Fact]
    public void Heat_is_told_by_how_much_is_held_back() =>
        Assert.Equal([null, "hot: few generations at a time", "hot: no new generation"], Enum.GetValues<ThrottleLevel>().Select(GuardWords.Throttle));

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
}
