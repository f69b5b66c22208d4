namespace GpuPlatform.Collector.Sampling;

/// <summary>Something that asks a driver, and may never come back from it.</summary>
internal abstract class DriverCall(TimeProvider clock)
{
    private const int Idle = 0;
    private const int Running = 1;
    private const int GivenUp = 2;

    private int _state;
    private long _beganAt;

    /// <summary>True from the moment the call was given up until it comes back. Meanwhile whatever it writes to is its own.</summary>
    public bool IsStalled => Volatile.Read(ref _state) == GivenUp;

    /// <summary>True while the call is made, given up or not.</summary>
    public bool IsBusy => Volatile.Read(ref _state) != Idle;

    /// <summary>Time since the last call began.</summary>
    public TimeSpan Age => clock.GetElapsedTime(Volatile.Read(ref _beganAt));

    /// <summary>What the last call threw; null when it threw nothing.</summary>
    public Exception? Failure { get; private set; }

    protected abstract void Execute();

    /// <summary>Makes the call. False when it was given up meanwhile, and somebody else makes the calls behind it.</summary>
    internal bool Run()
    {
        Volatile.Write(ref _beganAt, clock.GetTimestamp());
        Volatile.Write(ref _state, Running);
        try
        {
            Execute();
            Failure = null;
        }
        catch (Exception e)
        {
            Failure = e;
        }
        return Interlocked.Exchange(ref _state, Idle) == Running;
    }

    /// <summary>False when there is nothing to give up: the call has come back.</summary>
    internal bool GiveUp() => Interlocked.CompareExchange(ref _state, GivenUp, Running) == Running;
}
