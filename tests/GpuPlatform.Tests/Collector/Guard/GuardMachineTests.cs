using GpuPlatform.Collector.Guard;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Collector.Guard;

public sealed class GuardMachineTests
{
    private static readonly GuardDemand Game = new(GuardCause.Process, "a game") { Process = new GuardProcess { Pid = 7, StartedAt = default, Name = "game" } };

    private readonly List<GuardAction> _actions = [];
    private TimeSpan _now = TimeSpan.FromHours(1);
    private GuardMachine _machine = new(new GuardOptions());

    [Fact]
    public void A_gpu_is_handed_over_and_comes_back_state_by_state()
    {
        Step(new GuardInputs());
        Assert.Equal([GuardState.Draining, GuardState.Evicting], Steps(new GuardInputs { Demand = Game, ModelsGone = null }));
        var story = _machine.HandOverId;
        Assert.Equal([GuardAction.Unload], _actions);
        Assert.Equal([GuardState.Yielded], Steps(new GuardInputs { Demand = Game, ModelsGone = true }));
        Assert.Empty(Steps(new GuardInputs { ModelsGone = true }));
        Advance(14.9);
        Assert.Empty(Steps(new GuardInputs { ModelsGone = true }));
        Advance(0.1);
        Assert.Equal(GuardState.Warming, Assert.Single(Steps(new GuardInputs { ModelsGone = true, IsWarm = false })));
        Assert.Equal((true, story), (_machine.IsOpen, _machine.HandOverId));
        Assert.Equal([GuardState.Serving], Steps(new GuardInputs()));
        Assert.Equal([GuardAction.Unload, GuardAction.Warm], _actions);
        Assert.Null(_machine.HandOverId);
    }

    [Fact]
    public void A_process_that_is_gone_within_the_debounce_takes_nothing()
    {
        var quick = Game with { RipeAt = _now + TimeSpan.FromMilliseconds(200) };
        Assert.Empty(Steps(new GuardInputs { Demand = quick }));
        Assert.Equal(quick.RipeAt, _machine.NextAt);
        Advance(0.15);
        Assert.Empty(Steps(new GuardInputs()));
    }

    [Fact]
    public void Requests_under_way_may_end_and_are_cancelled_when_their_time_is_over()
    {
        Steps(new GuardInputs { Demand = Game, RunningCount = 2 });
        Advance(4.9);
        Assert.Empty(Steps(new GuardInputs { Demand = Game, RunningCount = 2 }));
        Assert.Equal((GuardState.Draining, false), (_machine.State, _machine.IsOpen));
        Advance(0.1);
        Assert.Equal([GuardState.Evicting], Steps(new GuardInputs { Demand = Game, RunningCount = 2 }));
        Assert.Equal([GuardAction.Cancel, GuardAction.Unload], _actions);
        Assert.Equal(GuardCause.Timeout, _machine.Cause);
    }

    [Fact]
    public void Nothing_is_cancelled_for_somebody_who_has_left_again()
    {
        Steps(new GuardInputs { Demand = Game, RunningCount = 1 });
        Advance(6);
        Assert.Empty(Steps(new GuardInputs { RunningCount = 1 }));
        Advance(15);
        Assert.Equal([GuardState.Serving], Steps(new GuardInputs { RunningCount = 1 }));
        Assert.Empty(_actions);
    }

    [Theory]
    [InlineData(false, false, "Unload Unload")]
    [InlineData(true, false, "Unload Unload Terminate")]
    [InlineData(true, true, "Unload Unload Terminate Kill")]
    public void Models_that_do_not_leave_are_met_with_what_is_allowed_and_then_given_up(bool terminate, bool kill, string ladder)
    {
        _machine = new(new GuardOptions { AllowTerminate = terminate, AllowKill = kill });
        var stuck = new GuardInputs { Demand = Game, ModelsGone = false, Left = "ollama has llama3" };
        Steps(stuck);
        for (var count = 0; count < ladder.Split(' ').Length; count++)
        {
            Assert.Equal(GuardState.Evicting, _machine.State);
            Advance(5);
            Steps(stuck);
        }
        Assert.Equal((GuardState.Yielded, GuardCause.Timeout, false), (_machine.State, _machine.Cause, _machine.IsOpen));
        Assert.Equal(ladder, string.Join(' ', _actions));
        Assert.Contains("ollama has llama3", _machine.Problem, StringComparison.Ordinal);
        Steps(stuck with { ModelsGone = true });
        Assert.Null(_machine.Problem);
    }

    [Fact]
    public void Models_that_were_loaded_behind_the_gate_are_told_to_leave_now_and_then()
    {
        HandOver();
        Advance(60);
        Steps(new GuardInputs { Demand = Game, ModelsGone = false });
        Steps(new GuardInputs { Demand = Game, ModelsGone = false });
        Assert.Equal([GuardAction.Unload, GuardAction.Unload], _actions);
        Advance(30);
        Steps(new GuardInputs { Demand = Game, ModelsGone = false });
        Assert.Equal(3, _actions.Count);
    }

    [Fact]
    public void A_launcher_that_comes_and_goes_does_not_give_the_gpu_back()
    {
        HandOver();
        for (var count = 0; count < 20; count++)
        {
            Advance(10);
            Assert.Empty(Steps(new GuardInputs { ModelsGone = true }));
            Advance(1);
            Assert.Empty(Steps(new GuardInputs { Demand = Game with { RipeAt = _now + TimeSpan.FromSeconds(1) }, ModelsGone = true }));
        }
        Assert.Equal(GuardState.Yielded, _machine.State);
    }

    [Theory]
    [InlineData(GuardCause.Manual)]
    [InlineData(GuardCause.QuietHours)]
    public void What_a_person_or_the_clock_ends_is_over_at_once(GuardCause cause)
    {
        HandOver(new GuardDemand(cause, "words"));
        Assert.Equal([GuardState.Warming, GuardState.Serving], Steps(new GuardInputs { ModelsGone = true }));
    }

    [Theory]
    [InlineData(GuardState.Draining)]
    [InlineData(GuardState.Evicting)]
    [InlineData(GuardState.Yielded)]
    public void A_person_takes_it_back_from_wherever_it_is(GuardState from)
    {
        Steps(new GuardInputs { Demand = Game, RunningCount = from == GuardState.Draining ? 1 : 0 });
        if (from == GuardState.Yielded) Steps(new GuardInputs { Demand = Game, ModelsGone = true });
        Assert.Equal(from, _machine.State);
        Steps(new GuardInputs { IsResumed = true, ModelsGone = false });
        Assert.Equal((GuardState.Serving, true), (_machine.State, _machine.IsOpen));
    }

    [Fact]
    public void After_a_restart_nobody_is_let_in_before_it_was_looked_who_is_there()
    {
        _machine.Restore(Guid.NewGuid(), Game);
        Assert.False(_machine.IsOpen);
        Advance(600);
        Assert.Empty(Steps(new GuardInputs { IsKnown = false }));
        Assert.Empty(Steps(new GuardInputs()));
        Advance(15);
        Assert.Equal([GuardState.Warming, GuardState.Serving], Steps(new GuardInputs()));
    }

    [Fact]
    public void A_game_that_starts_while_models_come_back_takes_the_gpu_in_the_same_story()
    {
        HandOver();
        var story = _machine.HandOverId;
        Steps(new GuardInputs());
        Advance(15);
        Steps(new GuardInputs { IsWarm = false });
        Assert.Equal([GuardState.Draining, GuardState.Evicting], Steps(new GuardInputs { Demand = Game, IsWarm = false }));
        Assert.Equal(story, _machine.HandOverId);
    }

    [Fact]
    public void Models_that_do_not_come_back_are_not_waited_for_without_end()
    {
        HandOver();
        Steps(new GuardInputs());
        Advance(15);
        Steps(new GuardInputs { IsWarm = false });
        Advance(GuardMachine.WarmTimeout.TotalSeconds);
        Assert.Equal([GuardState.Serving], Steps(new GuardInputs { IsWarm = false }));
        Assert.Equal(GuardCause.Timeout, _machine.Cause);
    }

    private void HandOver(GuardDemand? demand = null)
    {
        Steps(new GuardInputs { Demand = demand ?? Game });
        Steps(new GuardInputs { Demand = demand ?? Game, ModelsGone = true });
        Assert.Equal(GuardState.Yielded, _machine.State);
    }

    private void Advance(double seconds) => _now += TimeSpan.FromSeconds(seconds);

    private void Step(GuardInputs inputs)
    {
        if (_machine.Step(inputs, _now) is var action and not GuardAction.None) _actions.Add(action);
    }

    // As the guard does: until it rests
    private List<GuardState> Steps(GuardInputs inputs)
    {
        var states = new List<GuardState>();
        for (var count = 0; count < 12; count++)
        {
            var (before, actions) = (_machine.State, _actions.Count);
            Step(inputs);
            if (_machine.State != before) states.Add(_machine.State);
            else if (_actions.Count == actions) return states;
        }
        throw new InvalidOperationException("it does not rest");
    }
}
