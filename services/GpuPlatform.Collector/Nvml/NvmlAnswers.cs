namespace GpuPlatform.Collector.Nvml;

/// <summary>How one GPU answers: during a reading, and what it has no answer to for as long as the session lasts.</summary>
internal sealed class NvmlAnswers(NvmlStatusFunnel funnel)
{
    private NvmlOutcome _worst;
    private bool _answered;

    /// <summary>Counts how often the absent answers were forgotten.</summary>
    public int Generation { get; private set; }

    /// <summary>The status behind the worst outcome of this reading.</summary>
    public NvmlStatus Failure { get; private set; }

    /// <summary>True when the GPU or the whole session is lost: nothing more is asked on this reading.</summary>
    public bool IsGone => _worst >= NvmlOutcome.GpuLost;

    public bool IsGpuLost => _worst == NvmlOutcome.GpuLost;

    public bool IsSessionLost => _worst == NvmlOutcome.SessionLost;

    public bool HasFailure => _worst >= NvmlOutcome.Failed;

    /// <summary>True when something failed on this reading and nothing was answered.</summary>
    public bool AreOnlyFailures => !_answered && _worst == NvmlOutcome.Failed;

    /// <summary>Starts a reading.</summary>
    public void Begin() => (Failure, _worst, _answered) = (NvmlStatus.Success, NvmlOutcome.Answered, false);

    public NvmlQuery Query(string function) => new(this, function);

    /// <summary>Asks again what was absent: the GPU has become another, as when it is split into instances.</summary>
    public void Forget() => Generation++;

    public bool CountAnswer() => _answered = true;

    public NvmlOutcome Judge(string function, NvmlStatus status)
    {
        var outcome = funnel.Judge(function, status);
        _answered |= outcome == NvmlOutcome.Answered;
        if (outcome > _worst)
            (_worst, Failure) = (outcome, status);
        return outcome;
    }

    /// <summary>An answer that cannot be true, counted as an error of its own kind.</summary>
    public void CountImplausible(string function) => funnel.CountImplausible(function);
}
