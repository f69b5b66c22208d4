using GpuPlatform.Contracts;
using GpuPlatform.Web.Readings;

namespace GpuPlatform.Tests.Web.Readings;

public sealed class UsageViewTests
{
    [Fact]
    public void A_view_is_its_address()
    {
        var view = UsageView.Parse("7d", "a&b", "llm-inference", "1");

        Assert.Equal("/usage?range=7d&node=a%26b&kind=llm-inference&more=1", view.ToAddress());
        Assert.Equal((WorkloadKind.LlmInference, true), (view.Kind, view.More));
    }

    [Fact]
    public void Unreadable_parts_are_left_out()
    {
        Assert.Equal(new UsageView(), UsageView.Parse("1h", " ", "LlmInference", "yes"));
        Assert.Equal("/usage", UsageView.Parse(null, new string('x', 257), "", null).ToAddress());
    }

    [Fact]
    public void Every_kind_is_found_by_the_word_that_stands_for_it() =>
        Assert.All(Enum.GetValues<WorkloadKind>(), kind => Assert.Equal(kind, UsageView.KindNamed(KindLabel.Of(kind))));

    [Fact]
    public void The_question_is_of_whole_seconds_and_has_this_one()
    {
        var question = UsageView.Parse("7d", null, null, null).At(Snapshots.Noon.AddMilliseconds(1));

        Assert.Equal((Snapshots.Noon.AddDays(-7).AddSeconds(1), Snapshots.Noon.AddSeconds(1)), (question.From, question.To));
    }
}
