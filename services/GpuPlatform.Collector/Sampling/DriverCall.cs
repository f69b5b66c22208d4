namespace GpuPlatform.Collector.Sampling;

/// <summary>Something that asks a driver, and may never come back from it.</summary>
internal abstract class DriverCall(TimeProvider clock)
{
    private const long Idle = 0;

    // When the call began, negative once it was given up. State and time in one: who gives up a call must not hit the one that began after it
    private long _began;

    /// <summary>True from the moment the call was given up until it comes back. Meanwhile whatever it writes to is its own.</summary>
    public bool IsStalled => Volatile.Read(ref _began) < Idle;

    /// <summary>True while the call is made, given up or not.</summary>
    public bool IsBusy => Volatile.Read(ref _began) != Idle;

    /// <summary>Time since the call began that is under way; zero when none is.</summary>
    public TimeSpan Age => Volatile.Read(ref _began) is var began and not Idle ? clock.GetElapsedTime(Math.Abs(began)) : TimeSpan.Zero;

    /// <summary>What the last call threw; null when it threw nothing.</summary>
    public Exception? Failure { get; private set; }

    protected abstract void Execute();

    /// <summary>Makes the call. False when it was given up meanwhile, and somebody else makes the calls behind it.</summary>
    internal bool Run()
    {
        Volatile.Write(ref _began, Math.Max(1, clock.GetTimestamp()));
        try
        {
            Execute();
            Failure = null;
        }
        catch (Exception e)
        {
            Failure = e;
        }
        return Interlocked.Exchange(ref _began, Idle) > Idle;
    }

    /// <summary>Gives up a call that takes this long. False when there is none: it has come back, has not begun, or was given up before.</summary>
    internal bool GiveUp(TimeSpan patience)
    {
        var began = Volatile.Read(ref _began);
        return began > Idle && clock.GetElapsedTime(began) >= patience && Interlocked.CompareExchange(ref _began, -began, began) == began;
    }
}
