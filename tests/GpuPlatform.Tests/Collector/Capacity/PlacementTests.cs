using GpuPlatform.Collector.Capacity;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Collector.Capacity;

public sealed class PlacementTests
{
    private const long GiB = 1L << 30;

    [Theory]
    [InlineData(4, PlacementFit.Now)]
    [InlineData(5, PlacementFit.Now)]
    [InlineData(6, PlacementFit.AfterUnloading)]
    [InlineData(12, PlacementFit.AfterUnloading)]
    [InlineData(13, PlacementFit.Later)]
    [InlineData(24, PlacementFit.Later)]
    [InlineData(25, PlacementFit.Never)]
    public void A_gpu_with_5_free_and_7_reclaimable_of_24_fits_so_much(int needed, PlacementFit expected) =>
        Assert.Equal(expected, Assert.Single(Placement.Of([Gpu(0, 24, 5, 7)], needed * GiB, residentOn: null)).Fit);

    [Fact]
    public void Of_two_gpus_with_room_the_fuller_one_is_taken()
    {
        var placements = Placement.Of([Gpu(0, 24, 20, 0), Gpu(1, 12, 8, 0)], 6 * GiB, residentOn: null);

        Assert.Equal([1, 0], placements.Select(placement => placement.GpuIndex));
    }

    [Fact]
    public void What_fits_on_no_gpu_alone_fits_on_both()
    {
        GpuCapacity[] gpus = [Gpu(0, 24, 20, 0), Gpu(1, 12, 10, 0)];

        var (fit, uuid, reason) = Placement.Best(Placement.Of(gpus, 28 * GiB, residentOn: null), gpus, 28 * GiB);

        Assert.Equal((PlacementFit.Now, null), (fit, uuid));
        Assert.Contains("split over 2 GPUs", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gpu_that_was_yielded_has_room_later_whatever_is_free()
    {
        var placement = Assert.Single(Placement.Of([Gpu(0, 24, 20, 0) with { State = GuardState.Yielded }], GiB, residentOn: null));

        Assert.Equal(PlacementFit.Later, placement.Fit);
        Assert.Contains("yielded", placement.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_driver_that_does_not_say_leaves_it_open_and_a_model_in_memory_is_there()
    {
        Assert.Equal(PlacementFit.Unknown, Assert.Single(Placement.Of([Gpu(0, null, null, null)], GiB, residentOn: null)).Fit);
        Assert.Equal(PlacementFit.Resident, Assert.Single(Placement.Of([Gpu(0, 24, 0, 24)], 30 * GiB, ["GPU-0"])).Fit);
        Assert.Equal(PlacementFit.Unknown, Placement.Best([], [], GiB).Fit);
    }

    private static GpuCapacity Gpu(int index, int? total, int? free, int? reclaimable) => new()
    {
        GpuUuid = $"GPU-{index}", GpuIndex = index, Name = "test", TotalBytes = total * GiB, FreeBytes = free * GiB, ReclaimableBytes = reclaimable * GiB,
    };
}
