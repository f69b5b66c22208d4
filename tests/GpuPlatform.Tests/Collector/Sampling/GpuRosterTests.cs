using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Sampling;

public sealed class GpuRosterTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly SourceDouble _first = new();
    private readonly SourceDouble _second = new();
    private readonly DriverRound _round = new(TimeSpan.FromSeconds(10));
    private readonly GpuRoster _roster;

    public GpuRosterTests()
    {
        _second.Replace(new GpuDouble(0, "GPU-x"), new GpuDouble(1, "GPU-y"));
        _roster = new GpuRoster([_first, _second], TimeSpan.FromSeconds(10), _clock);
    }

    public void Dispose() => _roster.Dispose();

    [Fact]
    public void The_gpus_of_all_sources_have_one_numbering()
    {
        Assert.True(Refresh());
        Assert.Equal([(0, "GPU-a"), (1, "GPU-x"), (2, "GPU-y")], Listed());
        Assert.Equal("nvml+nvml", _roster.Info.Name);
    }

    [Fact]
    public void A_gpu_that_two_sources_list_is_read_by_the_first()
    {
        _second.Replace(new GpuDouble(0, "GPU-a"), new GpuDouble(1, "GPU-y"));
        Refresh();
        Assert.Equal(["GPU-a", "GPU-y"], Listed().Select(gpu => gpu.Uuid));
        Assert.Same(_first.Gpu, _roster.Entries[0].Lane.Gpu);
    }

    [Fact]
    public void A_source_that_opens_anew_keeps_its_gpus_lanes()
    {
        Refresh();
        var (lane, again) = (_roster.Entries[0].Lane, new GpuDouble(0, "GPU-a"));
        _first.Replace(again, new GpuDouble(1, "GPU-plugged-in"));
        Refresh();
        Assert.Same(lane, _roster.Entries[0].Lane);
        Assert.Same(again, lane.Gpu);
        Assert.Equal([(0, "GPU-a"), (1, "GPU-plugged-in"), (2, "GPU-x"), (3, "GPU-y")], Listed());
        _first.Replace(again);
        Refresh();
        Assert.Equal(3, _roster.Entries.Count);
    }

    [Fact]
    public void The_list_is_the_same_object_while_nothing_changes()
    {
        Refresh();
        var entries = _roster.Entries;
        Refresh();
        Assert.Same(entries, _roster.Entries);
    }

    [Fact]
    public void One_source_that_is_not_there_leaves_the_other_and_its_reason_is_no_trouble_of_the_host()
    {
        _first.Available = false;
        Assert.True(Refresh());
        Assert.Equal(("nvml", null), (_roster.Info.Name, _roster.Info.UnavailableReason));
        Assert.Equal("no driver", _roster.Sources[0].UnavailableReason);
        Assert.Equal([(0, "GPU-x"), (1, "GPU-y")], Listed());
        _second.Available = false;
        Assert.False(Refresh());
        Assert.Equal("no driver; no driver", _roster.Info.UnavailableReason);
        Assert.Empty(_roster.Entries);
    }

    [Fact]
    public async Task While_a_source_hangs_in_opening_its_gpus_are_stalled_and_the_others_are_there()
    {
        Refresh();
        using var release = new ManualResetEventSlim();
        _first.HangUntil = release;
        _round.Begin(_roster.Openings);
        var hanging = Task.Run(_round.Continue);
        await Until.True(() =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return _round.TryTakeOver();
        });
        Assert.True(_round.Continue());
        Assert.True(_roster.TakeOver());
        Assert.Equal(["GPU-a", "GPU-x", "GPU-y"], Listed().Select(gpu => gpu.Uuid));
        var lane = _roster.Entries[0].Lane;
        lane.Conclude();
        Assert.Equal((GpuState.Stalled, false), (lane.State, lane.IsReady));
        Assert.Contains("has not answered", lane.Reading.Error, StringComparison.Ordinal);
        Assert.True(_roster.Entries[1].Lane.IsReady);
        release.Set();
        Assert.False(await hanging);
        Assert.True(lane.IsReady);
        Assert.True(Refresh());
    }

    private bool Refresh()
    {
        _round.Begin(_roster.Openings);
        Assert.True(_round.Continue());
        return _roster.TakeOver();
    }

    private IEnumerable<(int Index, string Uuid)> Listed() => _roster.Entries.Select(entry => (entry.Index, entry.Lane.Identity.Uuid));
}
