using GpuPlatform.Contracts;
using GpuPlatform.Web.Readings;
using static GpuPlatform.Tests.Web.Snapshots;

namespace GpuPlatform.Tests.Web.Readings;

public sealed class FitWordsTests
{
    [Fact]
    public void The_best_host_is_named_with_what_is_needed_and_how_that_is_known()
    {
        Assert.Equal("qwen3:32b (20.0 GiB, measured): fits now, on desk.", FitWords.Best(Placement(PlacementFit.Now, "desk") with { Model = "qwen3:32b" }));
        Assert.Equal("20.0 GiB: never fits on any host that answers.", FitWords.Best(Placement(PlacementFit.Never, null, NeedSource.Asked)));
        Assert.Equal("No host answers.", FitWords.Best(Placement(PlacementFit.Unknown, null) with { Nodes = [] }));
    }

    private static RackPlacement Placement(PlacementFit fit, string? node, NeedSource source = NeedSource.Measured) => new()
    {
        Fit = fit, NodeId = node, Reason = "r", Silent = [],
        Nodes = [new() { NodeId = "desk", NeededBytes = 20 * Gib, NeededFrom = source, Fit = fit, Reason = "r", Gpus = [] }],
    };
}
