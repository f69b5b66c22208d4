using GpuPlatform.Contracts;
using GpuPlatform.Web.Readings;
using Microsoft.AspNetCore.WebUtilities;
using static GpuPlatform.Tests.Web.Snapshots;

namespace GpuPlatform.Tests.Web.Readings;

public sealed class LlmFilterTests
{
    private static readonly LlmFilter Everything = new()
    {
        Range = LlmRange.Week,
        Node = "desk",
        Model = "<b>x</b> & \"y\" #1+2 % ü",
        Client = "a=b&c",
        Outcome = LlmOutcome.Refused,
        Sort = LlmSort.TimeToFirstToken,
    };

    [Fact]
    public void A_view_survives_its_address_whatever_the_names_contain()
    {
        Assert.Equal(Everything, Read(Everything.ToAddress()));
    }

    [Fact]
    public void The_usual_view_has_the_bare_address()
    {
        Assert.Equal("/models", new LlmFilter().ToAddress());
        Assert.Equal(new LlmFilter(), Read("/models"));
    }

    [Theory]
    [InlineData("?range=never&outcome=OK&sort=;drop&model=")]
    [InlineData("?range=&outcome=7&client=%20%20")]
    public void What_cannot_be_read_is_left_out(string query) => Assert.Equal(new LlmFilter(), Read("/models" + query));

    [Fact]
    public void A_name_of_absurd_length_is_left_out()
    {
        Assert.Null(LlmFilter.Parse(null, null, new string('x', 257), null, null, null).Model);
    }

    [Fact]
    public void Figures_are_not_narrowed_by_an_outcome_which_they_count()
    {
        Assert.False(new LlmFilter { Outcome = LlmOutcome.Failed }.IsNarrowed);
        Assert.True(new LlmFilter { Client = "alice" }.IsNarrowed);
    }

    [Fact]
    public void The_question_ends_after_the_present_second()
    {
        var question = (Everything with { Range = LlmRange.Hour }).At(Noon.AddMilliseconds(300), null);

        Assert.Equal((Noon.AddHours(-1).AddMilliseconds(300), Noon.AddSeconds(1)), (question.From, question.To));
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-11-20T23:00:00Z")]
    [InlineData("America/New_York", "2026-11-21T05:00:00Z")]
    [InlineData(null, "2026-11-21T00:00:00Z")]
    public void Today_begins_at_midnight_of_the_reader(string? zone, string start)
    {
        var found = zone is null ? null : TimeZoneInfo.FindSystemTimeZoneById(zone);

        Assert.Equal(DateTimeOffset.Parse(start, System.Globalization.CultureInfo.InvariantCulture), LlmRange.Today.Start(Noon, found));
    }

    [Fact]
    public void A_day_without_midnight_begins_when_the_clocks_have_changed()
    {
        var beirut = TimeZoneInfo.FindSystemTimeZoneById("Asia/Beirut");
        var changed = new DateTimeOffset(2022, 3, 26, 22, 0, 0, TimeSpan.Zero);

        Assert.Equal(changed, LlmRange.Today.Start(changed.AddHours(9), beirut));
    }

    private static LlmFilter Read(string address)
    {
        var query = QueryHelpers.ParseQuery(new Uri("http://host" + address).Query);
        return LlmFilter.Parse(Get("range"), Get("node"), Get("model"), Get("client"), Get("outcome"), Get("sort"));

        string? Get(string name) => query.TryGetValue(name, out var values) ? (string?)values : null;
    }
}
