using GpuPlatform.Collector.Nvml;
using GpuPlatform.Tests.Doubles;

namespace GpuPlatform.Tests.Collector.Nvml;

public sealed class SleepWatchTests
{
    private static readonly TimeSpan IdleRelease = TimeSpan.FromSeconds(30);

    private readonly ManualTimeProvider _clock = new();
    private readonly SleepWatch _watch;

    public SleepWatchTests() => _watch = new SleepWatch(IdleRelease, _clock);

    [Theory]
    [InlineData(29, SleepPhase.Open)]
    [InlineData(30, SleepPhase.LetGo)]
    public void An_idle_gpu_is_let_go_after_its_time(int seconds, object expected)
    {
        Idle(seconds);
        Assert.Equal(expected, _watch.Phase);
    }

    [Fact]
    public void One_that_is_used_is_kept_and_its_time_begins_again()
    {
        Idle(29);
        _watch.Note(isUsed: true);
        Idle(29);
        Assert.Equal(SleepPhase.Open, _watch.Phase);
        Idle(1);
        Assert.Equal(SleepPhase.LetGo, _watch.Phase);
    }

    [Fact]
    public void One_of_which_nothing_is_known_is_kept()
    {
        for (var i = 0; i < 100; i++)
            Pass(1, isUsed: null);
        Assert.Equal(SleepPhase.Open, _watch.Phase);
    }

    [Fact]
    public void One_that_cannot_sleep_is_kept()
    {
        for (var i = 0; i < 100; i++)
            Pass(1, isUsed: false, canSleep: false);
        Assert.Equal(SleepPhase.Open, _watch.Phase);
    }

    [Fact]
    public void A_release_time_of_zero_keeps_it_for_ever_but_respects_its_sleep()
    {
        var watch = new SleepWatch(TimeSpan.Zero, _clock);
        watch.Note(isUsed: false);
        _clock.Advance(TimeSpan.FromDays(1));
        watch.Look(isAsleep: false, canSleep: true);
        Assert.Equal(SleepPhase.Open, watch.Phase);
        watch.Look(isAsleep: true, canSleep: true);
        Assert.Equal(SleepPhase.Asleep, watch.Phase);
    }

    [Fact]
    public void One_that_falls_asleep_sleeps_until_the_kernel_says_otherwise()
    {
        Idle(30);
        _clock.Advance(TimeSpan.FromSeconds(6));
        _watch.Look(isAsleep: true, canSleep: true);
        Assert.Equal(SleepPhase.Asleep, _watch.Phase);
        _clock.Advance(TimeSpan.FromDays(1));
        _watch.Look(isAsleep: true, canSleep: true);
        Assert.Equal(SleepPhase.Asleep, _watch.Phase);
        _watch.Look(isAsleep: false, canSleep: true);
        Assert.Equal(SleepPhase.Open, _watch.Phase);
    }

    [Fact]
    public void What_something_else_keeps_awake_is_taken_up_again_and_let_go_ever_more_seldom()
    {
        foreach (var patience in (int[])[30, 60, 120, 240, 300, 300])
        {
            Assert.Equal(TimeSpan.FromSeconds(patience), _watch.Patience);
            Idle(patience - 1);
            Assert.Equal(SleepPhase.Open, _watch.Phase);
            Idle(1);
            Assert.Equal(SleepPhase.LetGo, _watch.Phase);
            Pass(14, isUsed: null);
            Assert.Equal(SleepPhase.LetGo, _watch.Phase);
            Pass(1, isUsed: null);
            Assert.Equal(SleepPhase.Open, _watch.Phase);
        }
    }

    [Fact]
    public void One_sleep_makes_the_time_the_configured_one_again()
    {
        Idle(30);
        Pass(15, isUsed: null);
        Assert.Equal(TimeSpan.FromSeconds(60), _watch.Patience);
        _watch.Look(isAsleep: true, canSleep: true);
        _watch.Look(isAsleep: false, canSleep: true);
        _watch.Note(isUsed: true);
        Assert.Equal(IdleRelease, _watch.Patience);
    }

    [Fact]
    public void One_that_was_woken_for_nothing_is_let_go_sooner_unless_it_is_used_after_all()
    {
        _watch.Look(isAsleep: true, canSleep: true);
        _watch.Look(isAsleep: false, canSleep: true);
        _watch.Note(isUsed: null);
        Idle(9);
        Assert.Equal(SleepPhase.Open, _watch.Phase);
        Idle(1);
        Assert.Equal(SleepPhase.LetGo, _watch.Phase);

        _watch.Look(isAsleep: true, canSleep: true);
        _watch.Look(isAsleep: false, canSleep: true);
        _watch.Note(isUsed: true);
        Idle(29);
        Assert.Equal(SleepPhase.Open, _watch.Phase);
    }

    [Fact]
    public void One_that_may_not_sleep_any_more_is_taken_up_at_once()
    {
        Idle(30);
        _watch.Look(isAsleep: false, canSleep: false);
        Assert.Equal(SleepPhase.Open, _watch.Phase);
    }

    private void Idle(int seconds)
    {
        _watch.Note(isUsed: false);
        Pass(seconds, isUsed: false);
    }

    private void Pass(int seconds, bool? isUsed, bool canSleep = true)
    {
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        _watch.Note(isUsed);
        _watch.Look(isAsleep: false, canSleep);
    }
}
