using GpuPlatform.Contracts;
using GpuPlatform.Web.Readings;
using static GpuPlatform.Tests.Web.Snapshots;

namespace GpuPlatform.Tests.Web.Readings;

public sealed class KindColumnsTests
{
    private static readonly KindUsage Usage = new()
    {
        From = Noon,
        To = Noon.AddHours(3),
        Hours =
        [
            Hour(0, WorkloadKind.Gaming, 600), Hour(0, WorkloadKind.LlmInference, 1200), Hour(0, WorkloadKind.LlmInference, 60, "GPU-b"),
            Hour(2, WorkloadKind.LlmInference, 300), Hour(2, null, null),
        ],
    };

    [Fact]
    public void Hours_of_all_gpus_are_added_by_kind_and_the_largest_lies_at_the_bottom()
    {
        var stack = KindColumns.Of(Usage, KindMeasure.Time);

        Assert.Equal([ChartSeries.Seconds(Noon), ChartSeries.Seconds(Noon.AddHours(2))], stack.Times);
        Assert.Equal(["llm-inference", "gaming"], stack.Layers.Select(layer => layer.Kind));
        Assert.Equal([21, 5], stack.Layers[0].Values);
        Assert.Equal((3600, "minutes"), (stack.StepSeconds, stack.Unit));
    }

    [Fact]
    public void What_was_only_there_is_shown_by_the_time_it_was_present()
    {
        var stack = KindColumns.Of(Usage, KindMeasure.Present);

        Assert.Equal([("llm-inference", 180d), ("gaming", 60d), ("not classified", 60d)], stack.Layers.Select(layer => (layer.Label, layer.Values.Sum())));
        Assert.Equal("unclassified", stack.Layers[2].Kind);
        Assert.Empty(KindColumns.Of(Usage, KindMeasure.Energy).Layers);
    }

    [Fact]
    public void Kinds_of_which_the_driver_told_nothing_are_named_apart()
    {
        Assert.Equal([null], KindColumns.Untold(Usage, KindMeasure.Time));
        Assert.Equal([null, WorkloadKind.Gaming, WorkloadKind.LlmInference], KindColumns.Untold(Usage, KindMeasure.Energy));
        Assert.Empty(KindColumns.Untold(Usage, KindMeasure.Present));
    }

    [Fact]
    public void The_columns_in_words_keep_what_is_less_than_one() =>
        Assert.Equal("gaming: 0.5 Wh", KindColumns.Of(Usage with { Hours = [Hour(0, WorkloadKind.Gaming, 1) with { EnergyJoules = 1800 }] }, KindMeasure.Energy).Describe(KindMeasure.Energy.Words));

    [Fact]
    public void Memory_is_weighed_by_the_time_it_was_held() =>
        Assert.Equal(2, KindColumns.Of(Usage with { Hours = [Hour(0, WorkloadKind.Gaming, 1) with { PresentSeconds = 1800, MemoryAverageBytes = 4 * Gib }] }, KindMeasure.Memory).Layers[0].Values[0]);

    private static KindUsageHour Hour(int hours, WorkloadKind? kind, double? smSeconds, string gpu = "GPU-a") => new()
    {
        Hour = Noon.AddHours(hours), NodeId = "desk", GpuUuid = gpu, Kind = kind, ProcessCount = 1, PresentSeconds = 3600, SmSeconds = smSeconds,
    };
}
