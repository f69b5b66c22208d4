using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Guard;

/// <summary>
/// To whom one GPU belongs. It remembers how far a hand-over has come and looks at everything else anew at each step, so that nothing depends on having
/// seen an event: what was missed is seen at the next look. Every state but the two at rest ends by itself. Pure; instants only run forward.
/// </summary>
internal sealed class GuardMachine(GuardOptions options)
{
    /// <summary>How long models that were loaded meanwhile are left before they are told to leave again.</summary>
    internal static readonly TimeSpan UnloadAgainAfter = TimeSpan.FromSeconds(30);

    /// <summary>How long models may take to come back before the GPU counts as serving without them.</summary>
    internal static readonly TimeSpan WarmTimeout = TimeSpan.FromMinutes(2);

    private readonly GuardAction[] _ladder =
    [
        GuardAction.Unload, .. options.AllowTerminate ? [GuardAction.Terminate] : Array.Empty<GuardAction>(),
        .. options.AllowKill ? [GuardAction.Kill] : Array.Empty<GuardAction>(),
    ];

    private GuardDemand? _demand;
    private TimeSpan? _freeSince;
    private TimeSpan _actedAt;
    private int _rung;

    public GuardState State { get; private set; }

    /// <summary>Instant since which it is so; null when it was so before the collector began.</summary>
    public TimeSpan? Since { get; private set; }

    public GuardCause Cause { get; private set; } = GuardCause.Done;

    public string Reason { get; private set; } = "nobody else uses it";

    /// <summary>The same for all steps of a hand-over; null while serving.</summary>
    public Guid? HandOverId { get; private set; }

    /// <summary>Who has it, or had it a moment ago; null while serving.</summary>
    public GuardDemand? Demand => State == GuardState.Serving ? null : _demand;

    /// <summary>What keeps it from what it should do, in words.</summary>
    public string? Problem { get; private set; }

    /// <summary>Whether requests may begin.</summary>
    public bool IsOpen => State is GuardState.Serving or GuardState.Warming;

    /// <summary>When it is to be stepped again though nothing else changes; null: never.</summary>
    public TimeSpan? NextAt { get; private set; }

    /// <summary>Takes up a hand-over of which an earlier run of the collector left word: nobody is let in before it was looked who is there.</summary>
    public void Restore(Guid handOverId, GuardDemand demand) =>
        (State, HandOverId, _demand, Cause, Reason) = (GuardState.Yielded, handOverId, demand, GuardCause.Start, $"as before the collector began anew: {demand.Reason}");

    /// <summary>There is no such GPU any more.</summary>
    public void Abandon(TimeSpan now) => To(GuardState.Serving, GuardCause.Fault, "the GPU is no longer there", now);

    /// <summary>At most one change of state. To be called again until there is neither change nor action.</summary>
    public GuardAction Step(GuardInputs inputs, TimeSpan now)
    {
        NextAt = null;
        Note(inputs, now);
        return State switch
        {
            GuardState.Serving => Serve(inputs, now),
            GuardState.Draining => Drain(inputs, now),
            GuardState.Evicting => Evict(inputs, now),
            GuardState.Yielded => Yield(inputs, now),
            _ => Warm(inputs, now),
        };
    }

    // One that is not ripe yet keeps a GPU that is given away, but takes none, nor does it take it from another
    private void Note(GuardInputs inputs, TimeSpan now)
    {
        if (inputs.Demand is { } demand)
        {
            _freeSince = null;
            if (IsOpen || demand.IsTheSameAs(_demand)) return;
            if (now < demand.RipeAt) Wait(demand.RipeAt);
            else Pass(demand);
        }
        else if (inputs.IsKnown)
            _freeSince ??= now;
    }

    // Steps before it is given away are told by what was done, and the last of them by whoever wants it then
    private void Pass(GuardDemand demand)
    {
        _demand = demand;
        if (State == GuardState.Yielded) (Cause, Reason) = (demand.Cause, Problem is null ? demand.Reason : $"{demand.Reason}; {Problem}");
    }

    private GuardAction Serve(GuardInputs inputs, TimeSpan now) => Take(inputs, now) ?? GuardAction.None;

    private GuardAction Drain(GuardInputs inputs, TimeSpan now)
    {
        if (IsFree(inputs, now)) return To(GuardState.Serving, EndCause(inputs), End(inputs), now);
        // Whoever is gone again may come back within the moment: until it is known, nothing is broken off for it
        if (inputs.Demand is null) return GuardAction.None;
        if (inputs.RunningCount == 0) return BeginEviction(GuardCause.Done, "no request is under way", now, GuardAction.Unload);
        var due = Since!.Value + options.DrainFor;
        return now >= due
            ? BeginEviction(GuardCause.Timeout, $"{inputs.RunningCount} under way after {options.DrainFor.TotalSeconds:0.#} s, which were cancelled", now, GuardAction.Cancel)
            : Wait(due);
    }

    private GuardAction Evict(GuardInputs inputs, TimeSpan now)
    {
        // The drain was cut short: the models are told to leave only now
        if (_rung == 0)
        {
            _rung = 1;
            return GuardAction.Unload;
        }
        if (inputs.IsResumed) return BeginWarming(inputs, now);
        if (inputs.ModelsGone == true) return To(GuardState.Yielded, GuardCause.Done, _demand!.Reason, now);
        var due = _actedAt + options.StepTimeout;
        if (now < due) return Wait(due);
        if (_rung <= _ladder.Length)
        {
            _actedAt = now;
            NextAt = now + options.StepTimeout;
            return _ladder[_rung++ - 1];
        }
        Problem = $"models did not leave the GPU within {(now - Since!.Value).TotalSeconds:0} s: {inputs.Left ?? "the server does not say which"}{Permission()}";
        return To(GuardState.Yielded, GuardCause.Timeout, $"{_demand!.Reason}; {Problem}", now);
    }

    private GuardAction Yield(GuardInputs inputs, TimeSpan now)
    {
        if (IsFree(inputs, now)) return BeginWarming(inputs, now);
        if (inputs.ModelsGone != false)
        {
            if (inputs.ModelsGone == true) Problem = null;
            return GuardAction.None;
        }
        if (now < _actedAt + UnloadAgainAfter) return Wait(_actedAt + UnloadAgainAfter);
        _actedAt = now;
        return GuardAction.Unload;
    }

    private GuardAction Warm(GuardInputs inputs, TimeSpan now)
    {
        if (Take(inputs, now) is { } action) return action;
        var due = Since!.Value + WarmTimeout;
        return inputs.IsWarm ? To(GuardState.Serving, GuardCause.Done, "nobody else uses it", now)
            : now >= due ? To(GuardState.Serving, GuardCause.Timeout, $"nobody else uses it; not every model was back within {WarmTimeout.TotalSeconds:0} s", now)
            : Wait(due);
    }

    private GuardAction? Take(GuardInputs inputs, TimeSpan now)
    {
        if (inputs.Demand is not { } demand) return null;
        if (now < demand.RipeAt)
        {
            NextAt = demand.RipeAt;
            return State == GuardState.Serving ? GuardAction.None : null;
        }
        _demand = demand;
        HandOverId ??= Guid.NewGuid();
        return To(GuardState.Draining, demand.Cause, demand.Reason, now);
    }

    private GuardAction BeginEviction(GuardCause cause, string reason, TimeSpan now, GuardAction action)
    {
        _rung = action == GuardAction.Unload ? 1 : 0;
        _actedAt = now;
        To(GuardState.Evicting, cause, reason, now);
        NextAt = now + options.StepTimeout;
        return action;
    }

    private GuardAction BeginWarming(GuardInputs inputs, TimeSpan now)
    {
        To(GuardState.Warming, EndCause(inputs), End(inputs), now);
        return GuardAction.Warm;
    }

    private GuardAction To(GuardState state, GuardCause cause, string reason, TimeSpan now)
    {
        (State, Since, Cause, Reason) = (state, now, cause, reason);
        if (state is not GuardState.Yielded) Problem = null;
        if (state is GuardState.Serving) HandOverId = null;
        // Whatever follows at once follows at the next step
        NextAt = now;
        return GuardAction.None;
    }

    private bool IsFree(GuardInputs inputs, TimeSpan now)
    {
        if (inputs.IsResumed) return true;
        if (_freeSince is not { } since) return false;
        var due = since + (_demand is { MayComeBack: false } ? TimeSpan.Zero : options.EndDebounce);
        if (now < due) NextAt = due;
        return now >= due;
    }

    private GuardAction Wait(TimeSpan until)
    {
        if (NextAt is null || until < NextAt) NextAt = until;
        return GuardAction.None;
    }

    private GuardCause EndCause(GuardInputs inputs) => inputs.IsResumed ? GuardCause.Manual : _demand?.Cause ?? GuardCause.Process;

    private string End(GuardInputs inputs) => inputs.IsResumed ? "taken back by hand"
        : _demand?.Process?.Name is { } name ? $"{name} has left the GPU"
        : _demand?.Cause switch
        {
            GuardCause.Manual => "the time for which it was given away is over",
            GuardCause.QuietHours => "the quiet hours are over",
            GuardCause.Fault => "the GPU is well again",
            _ => "nobody else uses it any more",
        };

    private string Permission() => options.AllowTerminate ? "" : "; to end their processes is not allowed (Guard:AllowTerminate)";
}
