using GpuPlatform.Collector.Guard;
using GpuPlatform.Contracts;

namespace GpuPlatform.Tests.Collector.Guard;

/// <summary>What holds of the machine whatever happens, over thousands of random stories.</summary>
public sealed class GuardMachinePropertyTests
{
    private const int StepMs = 100;
    private static readonly GuardOptions Options = new() { AllowTerminate = true, AllowKill = true };

    // Debounce, drain, every rung, and what falls between two steps
    private static readonly TimeSpan LongestHandOver = Options.StartDebounce + Options.DrainFor + 5 * Options.StepTimeout + TimeSpan.FromSeconds(1);

    [Fact]
    public void It_is_never_open_for_long_to_whom_it_does_not_belong_and_never_stuck() =>
        Assert.All(Enumerable.Range(0, 300), seed => Play(new Random(seed)));

    private static void Play(Random random)
    {
        var machine = new GuardMachine(Options);
        var story = new Story(random);
        var (now, wantedSince, freeSince, who) = (TimeSpan.FromHours(1), (TimeSpan?)null, (TimeSpan?)null, 0);
        if (random.Next(4) == 0) machine.Restore(Guid.NewGuid(), new GuardDemand(GuardCause.Process, "as before"));
        for (var step = 0; step < 3000; step++, now += TimeSpan.FromMilliseconds(StepMs))
        {
            story.Turn(now);
            (GuardState State, Guid? Id, GuardDemand? Holder) before = (machine.State, machine.HandOverId, machine.Demand);
            Rest(machine, story, now);
            wantedSince = story.Wants && !story.IsResumed ? (who == story.Who ? wantedSince : null) ?? now : null;
            who = story.Who;
            freeSince = (!story.Wants && story.IsKnown) || story.IsResumed ? freeSince ?? now : null;

            Assert.Equal(machine.State is GuardState.Serving or GuardState.Warming, machine.IsOpen);
            Assert.Equal(machine.State == GuardState.Serving, machine.HandOverId is null);
            if (before.Id is not null && machine.HandOverId is not null && before.State != GuardState.Serving) Assert.Equal(before.Id, machine.HandOverId);
            Assert.NotEqual("", machine.Reason);
            AssertHolder(machine, story.Demand, before.State == GuardState.Yielded ? before.Holder : null, now);
            if (wantedSince is { } wanted && now - wanted >= Options.StartDebounce + TimeSpan.FromMilliseconds(StepMs)) Assert.False(machine.IsOpen, $"open at {now}");
            if (wantedSince is { } taken && now - taken >= LongestHandOver) Assert.Equal(GuardState.Yielded, machine.State);
            if (freeSince is { } free && now - free >= Options.EndDebounce + LongestHandOver) Assert.True(machine.IsOpen, $"{machine.State} at {now}");
            if (freeSince is { } back && now - back >= Options.EndDebounce + LongestHandOver + GuardMachine.WarmTimeout) Assert.Equal(GuardState.Serving, machine.State);
            // Nothing but time passes: then it says when to come back, or rests for good
            if (machine.State is GuardState.Draining or GuardState.Evicting or GuardState.Warming && story.Wants) Assert.NotNull(machine.NextAt);
        }
    }

    // Who has wanted it for long enough is who has it, and nobody gets it for a moment from another
    private static void AssertHolder(GuardMachine machine, GuardDemand? demand, GuardDemand? had, TimeSpan now)
    {
        if (machine.IsOpen) return;
        if (demand is not null && now >= demand.RipeAt)
        {
            Assert.True(demand.IsTheSameAs(machine.Demand), $"another has it at {now}");
            if (machine.State == GuardState.Yielded && had is not null && demand.IsNewsAfter(had)) Assert.Equal((demand.Cause, demand.Process!.Name), (machine.Cause, machine.Reason.Split(' ')[0]));
        }
        else if (machine.State == GuardState.Yielded && had is not null)
        {
            Assert.Same(had, machine.Demand);
            if (demand?.IsTheSameAs(had) == false) Assert.True(machine.NextAt <= demand.RipeAt, $"nobody looks when it is ripe at {now}");
        }
    }

    private static void Rest(GuardMachine machine, Story story, TimeSpan now)
    {
        for (var count = 0; ; count++)
        {
            Assert.True(count < 12, "it does not rest");
            var before = machine.State;
            var action = machine.Step(story.Inputs(), now);
            Assert.False(action == GuardAction.Cancel && story.Running == 0);
            story.Obey(action);
            if (machine.State == before && action == GuardAction.None) return;
        }
    }

    /// <summary>A host in which anything may happen, or fail to.</summary>
    private sealed class Story(Random random)
    {
        private readonly bool _mayHang = random.Next(3) == 0;
        private readonly int _restlessness = random.Next(1, 60);
        private TimeSpan _wantedAt;
        private bool? _modelsGone = true;
        private bool _isWarm = true;

        public bool Wants { get; private set; }

        public int Who { get; private set; }

        public GuardDemand? Demand => !Wants || IsResumed ? null : new GuardDemand(GuardCause.Process, $"p{Who} is here")
        {
            Process = new GuardProcess { Pid = 100 + Who, StartedAt = default, Name = $"p{Who}" }, RipeAt = _wantedAt + Options.StartDebounce,
        };

        public bool IsResumed { get; private set; }

        public bool IsKnown { get; private set; } = true;

        public int Running { get; private set; }

        public void Turn(TimeSpan now)
        {
            if (random.Next(_restlessness * 10) == 0) (Wants, _wantedAt) = (!Wants, now);
            if (random.Next(_restlessness * 10) == 0) (Who, _wantedAt) = ((Who + 1) % 3, now);
            if (random.Next(900) == 0) IsResumed = !IsResumed;
            if (random.Next(500) == 0) IsKnown = !IsKnown;
            if (random.Next(20) == 0) Running = random.Next(3);
            if (!_mayHang && random.Next(10) == 0) (_modelsGone, _isWarm) = (true, true);
            if (random.Next(300) == 0) _modelsGone = random.Next(3) switch { 0 => null, 1 => true, _ => false };
        }

        public GuardInputs Inputs() => new()
        {
            Demand = Demand,
            IsKnown = IsKnown, IsResumed = IsResumed, RunningCount = Running, ModelsGone = _modelsGone, IsWarm = _isWarm,
        };

        public void Obey(GuardAction action)
        {
            if (action is GuardAction.Unload) _modelsGone = _mayHang ? false : null;
            if (action is GuardAction.Warm) _isWarm = false;
            if (action is GuardAction.Cancel) Running = 0;
        }
    }
}
