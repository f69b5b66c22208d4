using GpuPlatform.Contracts;
using GpuPlatform.Web.Readings;
using static GpuPlatform.Tests.Web.Snapshots;

namespace GpuPlatform.Tests.Web.Readings;

public sealed class MemoryByKindTests
{
    [Fact]
    public void Processes_of_one_kind_add_up_and_unknown_memory_adds_nothing()
    {
        var shares = MemoryByKind.Of(
            [Process("a", WorkloadKind.Gaming, 6), Process("b", null, 1), Process("c", WorkloadKind.Gaming, 1), Process("d", WorkloadKind.Video, null)]);

        Assert.Equal([new KindShare(WorkloadKind.Gaming, 7 * Gib, 87.5), new KindShare(null, Gib, 12.5)], shares);
    }

    [Fact]
    public void Absurd_sizes_do_not_overflow()
    {
        var huge = Process("a", WorkloadKind.Gaming, 1) with { MemoryUsedBytes = long.MaxValue };

        Assert.Equal(long.MaxValue, Assert.Single(MemoryByKind.Of([huge, huge])).Bytes);
    }

    [Fact]
    public void Ring_is_redrawn_when_the_kinds_change_or_a_share_moves_visibly()
    {
        IReadOnlyList<KindShare> drawn = [new(WorkloadKind.Gaming, 60, 60), new(WorkloadKind.LlmInference, 40, 40)];

        Assert.False(MemoryByKind.DiffersNoticeably(drawn, [new(WorkloadKind.Gaming, 61, 61), new(WorkloadKind.LlmInference, 39, 39)]));
        Assert.False(MemoryByKind.DiffersNoticeably(drawn, [new(WorkloadKind.Gaming, 600, 60), new(WorkloadKind.LlmInference, 400, 40)]));
        Assert.True(MemoryByKind.DiffersNoticeably(drawn, [new(WorkloadKind.Gaming, 62, 62), new(WorkloadKind.LlmInference, 38, 38)]));
        Assert.True(MemoryByKind.DiffersNoticeably(drawn, [new(WorkloadKind.Gaming, 60, 60), new(WorkloadKind.Video, 40, 40)]));
        Assert.True(MemoryByKind.DiffersNoticeably(drawn, [new(WorkloadKind.Gaming, 100, 100)]));
        Assert.False(MemoryByKind.DiffersNoticeably([], []));
    }

    [Fact]
    public void Every_kind_has_a_label_that_is_its_wire_name()
    {
        foreach (var kind in Enum.GetValues<WorkloadKind>())
            Assert.Equal(System.Text.Json.JsonSerializer.Serialize(kind).Trim('"'), KindLabel.Of(kind));
        Assert.Equal(Enum.GetValues<WorkloadKind>().Length, Enum.GetValues<WorkloadKind>().Select(kind => KindLabel.Glyph(kind)).Distinct().Count());
    }
}
