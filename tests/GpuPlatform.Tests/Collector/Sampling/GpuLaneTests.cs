using GpuPlatform.Collector.Sampling;
using GpuPlatform.Contracts;
using GpuPlatform.Tests.Doubles;
using Microsoft.Extensions.Options;

namespace GpuPlatform.Tests.Collector.Sampling;

public sealed class GpuLaneTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(2);

    private readonly ManualTimeProvider _clock = new();
    private readonly GpuDouble _gpu = new(0, "GPU-a");
    private readonly DriverRound _round = new(TimeSpan.FromSeconds(10));
    private readonly SamplingPace _pace;
    private readonly GpuLane _lane;

    public GpuLaneTests()
    {
        _pace = new SamplingPace(Options.Create(new SamplingOptions()), _clock);
        _lane = new GpuLane(_gpu, _clock);
    }

    [Fact]
    public void The_first_tick_reads_everything_and_the_dear_tier_comes_again_every_fifth()
    {
        var details = Enumerable.Range(0, 11).Select(_ => RunTick() && _lane.NewDetails is not null).ToList();
        Assert.Equal([true, false, false, false, false, true, false, false, false, false, true], details);
        Assert.Equal((11, 3, 3), (_gpu.ReadCount, _gpu.DetailCount, _gpu.ProcessListCount));
        Assert.Equal(200, _lane.PowerLimitWatts);
    }

    [Fact]
    public void While_a_game_runs_there_are_no_details_and_the_processes_once_a_minute()
    {
        _pace.GameMode = true;
        for (var i = 0; i <= 60; i++)
            RunTick();
        Assert.Equal((61, 0, 3), (_gpu.ReadCount, _gpu.DetailCount, _gpu.ProcessListCount));
        _pace.GameMode = false;
        RunTick();
        Assert.NotNull(_lane.NewDetails);
    }

    [Fact]
    public void A_sleeping_gpu_is_not_touched_and_is_read_whole_when_it_wakes()
    {
        RunTick();
        _gpu.Asleep = true;
        for (var i = 0; i < 20; i++)
            RunTick();
        Assert.Equal((1, 1, 1), (_gpu.ReadCount, _gpu.DetailCount, _gpu.ProcessListCount));
        Assert.Equal((GpuState.Sleeping, null, null), (_lane.State, _lane.Reading.Error, _lane.PowerLimitWatts));
        Assert.Null(_lane.Reading.UtilizationPercent);
        _gpu.Asleep = false;
        RunTick();
        Assert.Equal((GpuState.Active, 10d), (_lane.State, _lane.Reading.UtilizationPercent));
        Assert.NotNull(_lane.NewDetails);
        Assert.NotNull(_lane.NewProcesses);
    }

    [Fact]
    public void After_more_than_ten_failures_in_a_row_it_is_left_alone_longer_and_longer_but_never_for_ever()
    {
        _gpu.Reading = new GpuReading { Error = "no" };
        for (var i = 0; i < 10; i++)
            RunTick();
        Assert.True(_lane.IsReady);
        RunTick(TimeSpan.Zero);
        Assert.False(_lane.IsReady);
        var pauses = new List<double>();
        for (var i = 0; i < 9; i++)
            pauses.Add(PauseSeconds());
        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60, 60], pauses);
        Assert.Equal((GpuState.Failing, "no"), (_lane.State, _lane.Reading.Error));

        _clock.Advance(TimeSpan.FromSeconds(60));
        _gpu.Reading = new GpuReading { UtilizationPercent = 3 };
        RunTick();
        Assert.Equal((true, GpuState.Active), (_lane.IsReady, _lane.State));
        _gpu.Reading = new GpuReading { Error = "no" };
        RunTick();
        Assert.True(_lane.IsReady);
    }

    [Fact]
    public void An_exception_out_of_a_source_is_a_failure_of_that_gpu_with_its_words()
    {
        _gpu.Failure = new InvalidOperationException("a defect");
        RunTick();
        Assert.Equal((GpuState.Failing, "a defect"), (_lane.State, _lane.Reading.Error));
        Assert.Null(_lane.NewDetails);
    }

    [Fact]
    public void A_lost_gpu_says_so()
    {
        _gpu.Reading = new GpuReading { Error = "GPU is lost", IsLost = true };
        RunTick();
        Assert.Equal(GpuState.Lost, _lane.State);
    }

    [Fact]
    public void A_process_list_that_was_not_given_is_asked_for_at_the_next_tick()
    {
        _gpu.ProcessesReadable = false;
        RunTick();
        Assert.Null(_lane.NewProcesses);
        _gpu.ProcessesReadable = true;
        RunTick();
        Assert.NotNull(_lane.NewProcesses);
    }

    [Fact]
    public void What_was_read_before_is_not_new_when_the_call_is_not_made()
    {
        RunTick();
        Assert.NotNull(_lane.NewDetails);
        _lane.Conclude();
        Assert.Null(_lane.NewDetails);
        Assert.Null(_lane.NewProcesses);
    }

    private double PauseSeconds()
    {
        var seconds = 0;
        for (; !_lane.IsReady; seconds++)
            _clock.Advance(TimeSpan.FromSeconds(1));
        RunTick(TimeSpan.Zero);
        return seconds;
    }

    private bool RunTick(TimeSpan? then = null)
    {
        _lane.Prepare(asked: null, _pace);
        _round.Begin([_lane]);
        Assert.True(_round.Continue());
        _lane.Conclude();
        _clock.Advance(then ?? Tick);
        return true;
    }
}
