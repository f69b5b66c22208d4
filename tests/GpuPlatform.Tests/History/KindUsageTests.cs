using GpuPlatform.Contracts;
using GpuPlatform.History.Queries;
using Microsoft.AspNetCore.WebUtilities;

namespace GpuPlatform.Tests.History;

public sealed class KindUsageTests
{
    private static readonly DateTimeOffset Hour = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Time_in_which_two_are_there_counts_once_and_their_figures_add_up()
    {
        var usage = Of(
            Process(10, 30) with { SmUs = 600_000_000, MemoryKibMs = 1_200_000 * 4L, PeakMemoryBytes = 5000 },
            Process(20, 40) with { SmUs = 300_000_000, MemoryKibMs = 1_200_000 * 2L, PeakMemoryBytes = 3000, EnergyMillijoules = 2500 });

        Assert.Equal((2, 1800d, 900d, 2.5), (usage.ProcessCount, usage.PresentSeconds, usage.SmSeconds, usage.EnergyJoules));
        Assert.Equal((4096L, 8000L, null), (usage.MemoryAverageBytes, usage.MemoryPeakBytes, usage.EncoderSeconds));
    }

    [Fact]
    public void Peaks_of_those_that_follow_each_other_do_not_add_up()
    {
        var usage = Of(Process(0, 10) with { PeakMemoryBytes = 5000 }, Process(20, 30) with { PeakMemoryBytes = 3000 }, Process(25, 40) with { PeakMemoryBytes = 1000 });

        Assert.Equal((5000L, 1800d), (usage.MemoryPeakBytes, usage.PresentSeconds));
    }

    [Fact]
    public void The_first_list_of_an_hour_stands_for_the_time_before_it_but_not_for_the_hour_before()
    {
        Assert.Equal(70, Of(Process(10, 11) with { MeasuredMs = 70_000 }).PresentSeconds);
        Assert.Equal(65, Of(Process(0, 0) with { FirstAt = Hour.AddSeconds(5), LastAt = Hour.AddSeconds(65), MeasuredMs = 90_000 }).PresentSeconds);
    }

    [Fact]
    public void A_process_that_is_there_all_the_time_is_there_for_the_whole_of_each_hour()
    {
        var whole = Process(0, 0) with { FirstAt = Hour.AddSeconds(4), LastAt = Hour.AddSeconds(3594), MeasuredMs = 3_600_000, RestMs = 6_000 };

        Assert.Equal(3600, Of(whole).PresentSeconds);
        Assert.Equal(1800, Of(Process(30, 30) with { FirstAt = Hour.AddMinutes(30), LastAt = Hour.AddSeconds(3594), MeasuredMs = 1_800_000, RestMs = 6_000 }).PresentSeconds);
        // Before the release that divides, and where nothing followed within five minutes
        Assert.Equal(3594, Of(whole with { MeasuredMs = 3_594_000, RestMs = 0 }).PresentSeconds);
    }

    [Fact]
    public void A_process_seen_once_has_no_figures() => Assert.Equal(
        (1, 0d, null, null, null), (Of(Process(5, 5)).ProcessCount, Of(Process(5, 5)).PresentSeconds, Of(Process(5, 5)).SmSeconds,
            Of(Process(5, 5)).MemoryAverageBytes, Of(Process(5, 5)).MemoryPeakBytes));

    [Fact]
    public void Hours_are_whole_and_touch_the_range()
    {
        var query = KindUsageQuery.Parse(QueryHelpers.ParseQuery("start_date=2026-11-21T08:30Z&end_date=2026-11-21T09:30Z"), Hour).Query!;

        Assert.Equal((Hour.AddHours(-1), Hour.AddHours(1)), (query.From, query.To));
        Assert.Contains("at most 31 days", KindUsageQuery.Parse(QueryHelpers.ParseQuery("start_date=2026-01-01"), Hour).Problems["start_date"][0], StringComparison.Ordinal);
        Assert.Equal(["kind"], KindUsageQuery.Parse(QueryHelpers.ParseQuery("kind=gaming"), Hour).Problems.Keys);
    }

    private static KindUsageHour Of(params ProcessHour[] processes) => KindUsageTally.Of(Hour, "desk", "GPU-1", WorkloadKind.Gaming, processes);

    private static ProcessHour Process(double fromMinute, double toMinute) => new() { FirstAt = Hour.AddMinutes(fromMinute), LastAt = Hour.AddMinutes(toMinute) };
}
