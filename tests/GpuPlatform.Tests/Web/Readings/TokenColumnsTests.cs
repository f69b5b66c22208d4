using GpuPlatform.Web.Readings;
using static GpuPlatform.Tests.Web.LlmSnapshots;
using static GpuPlatform.Tests.Web.Snapshots;

namespace GpuPlatform.Tests.Web.Readings;

public sealed class TokenColumnsTests
{
    [Fact]
    public void Points_of_one_name_and_step_are_added_and_the_largest_name_comes_first()
    {
        var stack = TokenColumns.Of(Usage(Point(0, "small", 5), Point(0, "large", 20), Point(2, "large", 7, "bob"), Point(2, "large", 1)), StackMeasure.Generated, point => point.Model);

        Assert.Equal([ChartSeries.Seconds(Noon), ChartSeries.Seconds(Noon.AddMinutes(2))], stack.Times);
        Assert.Equal(["large", "small"], stack.Layers.Select(layer => layer.Label));
        Assert.Equal([20, 8], stack.Layers[0].Values);
        Assert.Equal([5, 0], stack.Layers[1].Values);
        Assert.Equal("large: 28 tokens; small: 5 tokens", stack.Describe());
    }

    [Fact]
    public void The_same_points_stack_by_client_and_by_requests()
    {
        var stack = TokenColumns.Of(Usage(Point(0, "a", 5), Point(0, "b", 5), Point(0, "a", 5, "bob")), StackMeasure.Requests, point => point.Client);

        Assert.Equal([("alice", 2d), ("bob", 1d)], stack.Layers.Select(layer => (layer.Label, layer.Values[0])));
        Assert.Equal("requests", stack.Unit);
    }

    [Theory]
    [InlineData(8, 8)]
    [InlineData(9, 8)]
    [InlineData(40, 8)]
    public void More_names_than_colours_are_shown_together(int names, int layers)
    {
        var stack = TokenColumns.Of(Usage([.. Enumerable.Range(1, names).Select(i => Point(0, $"m{i}", i))]), StackMeasure.Generated, point => point.Model);

        Assert.Equal(layers, stack.Layers.Count);
        Assert.Equal(names > 8, stack.Layers[^1].Label == TokenColumns.Others);
        Assert.Equal(names * (names + 1) / 2, stack.Layers.Sum(layer => layer.Values[0]));
        Assert.Equal(Enumerable.Range(0, layers), stack.Layers.Select(layer => layer.Color));
    }

    [Fact]
    public void Nothing_and_zero_make_no_layer()
    {
        Assert.Empty(TokenColumns.Of(Usage(Point(0, "embed", 0)), StackMeasure.Generated, point => point.Model).Layers);
        Assert.Empty(TokenColumns.Of(Usage(), StackMeasure.Generated, point => point.Model).Layers);
    }
}
