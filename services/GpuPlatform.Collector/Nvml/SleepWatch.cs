namespace GpuPlatform.Collector.Nvml;

/// <summary>Whether a GPU that can be powered down may be touched.</summary>
internal enum SleepPhase
{
    /// <summary>It is awake and read.</summary>
    Open,

    /// <summary>It was not used any more and was let go; the kernel has not powered it down yet.</summary>
    LetGo,

    /// <summary>The kernel has powered it down.</summary>
    Asleep,
}

/// <summary>
/// When to let go of a GPU so that it can be powered down, and when to take it up again; the table is in decision 015. An open handle alone
/// keeps a GPU awake, so one that nobody uses is let go after <paramref name="idleRelease"/>; zero means never.
/// </summary>
internal sealed class SleepWatch(TimeSpan idleRelease, TimeProvider clock)
{
    /// <summary>A GPU that was let go sleeps after some six seconds; later than this something else keeps it awake, and reading it costs nothing.</summary>
    internal static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(15);

    /// <summary>What wakes a GPU without using it, as listing the PCI devices does, must not keep it awake for long by our looking.</summary>
    internal static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LongestPatience = TimeSpan.FromMinutes(5);

    // Longer than configured while something else has been seen to keep it awake
    private TimeSpan? _grown;
    private bool _woke;
    private long _since = clock.GetTimestamp();
    // Written by whoever reads the GPU, be it a call that hung; 0: it is used, or nobody has seen that it is not
    private long _idleSince;
    private volatile bool _wasUsed;

    public SleepPhase Phase { get; private set; }

    /// <summary>How long it may be idle before it is let go.</summary>
    public TimeSpan Patience => _woke && !_wasUsed && FirstLook < Usual ? FirstLook : Usual;

    /// <summary>Takes note of a reading: whether the GPU is used. Of one that is not known to be idle nobody lets go.</summary>
    public void Note(bool? isUsed)
    {
        if (isUsed is not false)
        {
            _wasUsed |= isUsed is true;
            Volatile.Write(ref _idleSince, 0);
        }
        else if (Volatile.Read(ref _idleSince) == 0)
            Volatile.Write(ref _idleSince, clock.GetTimestamp());
    }

    /// <summary>Decides the phase from the kernel's state; before every tick, and before anything touches the GPU.</summary>
    public void Look(bool isAsleep, bool canSleep)
    {
        if (isAsleep)
        {
            if (Phase != SleepPhase.Asleep)
                Enter(SleepPhase.Asleep);
            _grown = null;
        }
        else if (Phase == SleepPhase.Asleep)
        {
            Enter(SleepPhase.Open);
            _woke = true;
        }
        else if (Phase == SleepPhase.LetGo && (!canSleep || clock.GetElapsedTime(_since) >= SettleTime))
        {
            _grown = Doubled();
            Enter(SleepPhase.Open);
        }
        else if (Phase == SleepPhase.Open && canSleep && idleRelease > TimeSpan.Zero && IsIdle())
            Enter(SleepPhase.LetGo);
    }

    private bool IsIdle() => Volatile.Read(ref _idleSince) is var since and not 0 && clock.GetElapsedTime(since) >= Patience;

    private TimeSpan Usual => _grown ?? idleRelease;

    private TimeSpan Doubled() => Usual * 2 < LongestPatience ? Usual * 2 : Usual > LongestPatience ? Usual : LongestPatience;

    private void Enter(SleepPhase phase)
    {
        (Phase, _since, _woke, _wasUsed) = (phase, clock.GetTimestamp(), false, false);
        Volatile.Write(ref _idleSince, 0);
    }
}
