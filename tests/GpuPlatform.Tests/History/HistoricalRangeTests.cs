using GpuPlatform.History.Queries;
using Microsoft.AspNetCore.WebUtilities;

namespace GpuPlatform.Tests.History;

public sealed class HistoricalRangeTests
{
    private static (HistoricalRange? Range, Dictionary<string, string[]> Problems) Parse(string query) =>
        HistoricalRange.Parse(QueryHelpers.ParseQuery(query));

    [Theory]
    [InlineData("", 60)]
    [InlineData("?hours=1", 60)]
    [InlineData("?hours=0.5", 30)]
    [InlineData("?hours=744", 44_640)]
    public void Hours_are_a_decimal_number_with_a_default(string query, double minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes), Parse(query).Range?.Length);

    [Theory]
    [InlineData("?hours=0")]
    [InlineData("?hours=-1")]
    [InlineData("?hours=744.01")]
    [InlineData("?hours=1e2")]
    [InlineData("?hours=1,5")]
    [InlineData("?hours=NaN")]
    [InlineData("?hours=")]
    [InlineData("?hours=1&hours=2")]
    public void A_bad_number_of_hours_is_named(string query)
    {
        var (range, problems) = Parse(query);

        Assert.Null(range);
        Assert.Equal(["hours"], problems.Keys);
    }

    [Fact]
    public void Every_problem_is_named_with_what_is_accepted()
    {
        var (_, problems) = Parse("?hours=x&nod=a&gpu=");

        Assert.Equal(["gpu", "hours", "nod"], problems.Keys.Order());
        Assert.Contains("at most 744", problems["hours"][0], StringComparison.Ordinal);
        Assert.Contains("hours, node, gpu and details", problems["nod"][0], StringComparison.Ordinal);
    }

    [Fact]
    public void Details_come_only_when_asked_for()
    {
        Assert.False(Parse("").Range!.Details);
        Assert.True(Parse("?details=true").Range!.Details);
        Assert.Contains("true or false", Parse("?details=yes").Problems["details"][0], StringComparison.Ordinal);
    }

    [Fact]
    public void Node_and_gpu_narrow_the_range()
    {
        var range = Parse("?node=desk&gpu=GPU-1").Range;

        Assert.Equal(("desk", "GPU-1"), (range?.NodeId, range?.GpuUuid));
    }
}
