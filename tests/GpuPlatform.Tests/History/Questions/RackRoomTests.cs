using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.History.Questions;

public sealed class RackRoomTests : IDisposable
{
    private const long GiB = 1L << 30;

    private readonly RackFixture _rack = new("desk", "rack-1", "rack-2");

    [Fact]
    public async Task Every_host_is_listed_with_its_room_and_its_age_and_those_that_are_silent_say_so()
    {
        _rack.Live.Apply(Samples.Tick(Samples.Now) with { NodeId = "gone" });
        _rack.Time.Advance(TimeSpan.FromSeconds(20));
        foreach (var node in (string[])["desk", "rack-1", "rack-2"]) _rack.Live.Apply(Samples.Tick(Samples.Now.AddSeconds(20)) with { NodeId = node });
        _rack.Live.Tick();
        _rack.Collector = (node, question) => node == "rack-2" ? null : RackFixture.Answer(node, question) with { Capacity = Capacity(node, 20) };

        var asking = _rack.Room.CapacityAsync(TestContext.Current.CancellationToken);
        await Until.True(() => !_rack.Asked.IsEmpty);
        _rack.Time.Advance(NodeAsked.Patience);
        var (rack, problem) = await asking;

        Assert.Null(problem);
        Assert.Equal(["desk", "gone", "rack-1", "rack-2"], rack.Nodes.Select(node => node.NodeId));
        Assert.Equal((2.5, null, 20 * GiB), (rack.Nodes[0].AgeSeconds, rack.Nodes[0].Problem, rack.Nodes[0].Capacity!.Gpus[0].FreeBytes));
        Assert.Equal("nothing comes from it", rack.Nodes[1].Problem);
        Assert.Contains("did not answer", rack.Nodes[3].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_host_that_has_the_model_in_memory_comes_first_then_whoever_has_room_then_the_rest()
    {
        Answers(("desk", PlacementFit.Later, 0), ("rack-1", PlacementFit.Now, 30), ("rack-2", PlacementFit.Resident, 4));

        var (placement, _) = await _rack.Room.PlaceAsync(new() { Model = "qwen3:32b" }, TestContext.Current.CancellationToken);

        Assert.Equal(["rack-2", "rack-1", "desk"], placement!.Nodes.Select(node => node.NodeId));
        Assert.Equal((PlacementFit.Resident, "rack-2", "GPU-rack-2"), (placement.Fit, placement.NodeId, placement.GpuUuid));
        Assert.Equal("rack-2: as it is", placement.Reason);
        Assert.Empty(placement.Silent);
    }

    [Fact]
    public async Task Of_hosts_with_room_the_fuller_one_is_taken()
    {
        Answers(("desk", PlacementFit.Now, 40), ("rack-1", PlacementFit.Now, 12), ("rack-2", PlacementFit.Never, 1));

        var (placement, _) = await _rack.Room.PlaceAsync(new() { Bytes = 10 * GiB }, TestContext.Current.CancellationToken);

        Assert.Equal(["rack-1", "desk", "rack-2"], placement!.Nodes.Select(node => node.NodeId));
    }

    [Fact]
    public async Task A_host_without_the_model_is_asked_for_what_it_takes_elsewhere_and_says_that_it_lacks_it()
    {
        _rack.Collector = (node, question) => RackFixture.Answer(node, question) with
        {
            Capacity = Capacity(node, 30),
            Placement = question.Placement switch
            {
                { Model: not null } when node == "desk" => Placement(node, PlacementFit.AfterUnloading) with { NeededFrom = NeedSource.Estimated, NeededBytes = 22 * GiB },
                { Model: not null } when node == "rack-1" => Placement(node, PlacementFit.Later) with { NeededFrom = NeedSource.Measured, NeededBytes = 20 * GiB },
                { Bytes: 20 * GiB } => Placement(node, PlacementFit.Now) with { Model = null, NeededFrom = NeedSource.Asked },
                _ => null,
            },
        };

        var (placement, _) = await _rack.Room.PlaceAsync(new() { Model = "qwen3:32b" }, TestContext.Current.CancellationToken);

        Assert.Equal(("rack-2", PlacementFit.Now), (placement!.NodeId, placement.Fit));
        Assert.Equal(("qwen3:32b", NeedSource.Measured), (placement.Nodes[0].Model, placement.Nodes[0].NeededFrom));
        Assert.StartsWith("it does not have the model yet; ", placement.Nodes[0].Reason, StringComparison.Ordinal);
        Assert.Equal(["rack-2", "desk", "rack-1"], placement.Nodes.Select(node => node.NodeId));
    }

    [Fact]
    public async Task A_model_that_nobody_knows_is_told_from_a_rack_that_does_not_answer()
    {
        _rack.Collector = (node, question) => RackFixture.Answer(node, question) with { Capacity = Capacity(node, 1) };
        Assert.Equal((null, null), await _rack.Room.PlaceAsync(new() { Model = "nobody:1b" }, TestContext.Current.CancellationToken));

        _rack.Collector = (_, _) => null;
        _rack.Asked.Clear();
        var asking = _rack.Room.PlaceAsync(new() { Model = "nobody:1b" }, TestContext.Current.CancellationToken);
        await Until.True(() => !_rack.Asked.IsEmpty);
        _rack.Time.Advance(NodeAsked.Patience);
        var (placement, _) = await asking;

        Assert.Equal((PlacementFit.Unknown, null), (placement!.Fit, placement.NodeId));
        Assert.Equal("no host answers; nothing is known of desk, rack-1, rack-2", placement.Reason);
        Assert.Equal(3, placement.Silent.Count);
    }

    public void Dispose() => _rack.Dispose();

    private void Answers(params (string Node, PlacementFit Fit, int FreeGib)[] rows) => _rack.Collector = (node, question) =>
    {
        var row = rows.Single(row => row.Node == node);
        return RackFixture.Answer(node, question) with { Capacity = Capacity(node, row.FreeGib), Placement = Placement(node, row.Fit) };
    };

    private static PlacementReport Placement(string node, PlacementFit fit) => new()
    {
        NodeId = node, Model = "qwen3:32b", NeededBytes = 20 * GiB, NeededFrom = NeedSource.Measured, Fit = fit, GpuUuid = $"GPU-{node}", Reason = "as it is", Gpus = [],
    };

    private static CapacityReport Capacity(string node, int freeGib) => new()
    {
        NodeId = node, SampledAt = Samples.Now.AddSeconds(-2.5),
        Gpus = [new GpuCapacity { GpuUuid = $"GPU-{node}", GpuIndex = 0, Name = "Test", TotalBytes = 48 * GiB, FreeBytes = freeGib * GiB }],
    };
}
