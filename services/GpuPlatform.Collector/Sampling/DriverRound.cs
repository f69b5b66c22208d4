namespace GpuPlatform.Collector.Sampling;

/// <summary>
/// Driver calls made one after another on the thread that asks. Whoever comes by while one of them hangs gives it up and makes the rest: the thread
/// that hangs finds out when its call comes back, and has nothing more to do. So a healthy round costs no switch of threads at all.
/// </summary>
internal sealed class DriverRound(TimeSpan patience)
{
    private IReadOnlyList<DriverCall> _calls = [];
    private volatile int _position;

    /// <summary>What <see cref="Continue"/> makes.</summary>
    public void Begin(IReadOnlyList<DriverCall> calls) => (_position, _calls) = (0, calls);

    /// <summary>Makes every call that is left and not stalled. False: this thread was given up, and another one goes on.</summary>
    public bool Continue()
    {
        for (; _position < _calls.Count; _position++)
            if (!_calls[_position].IsStalled && !_calls[_position].Run())
                return false;
        return true;
    }

    /// <summary>For another thread: gives up the call that takes too long. True: the round is now the caller's, to be continued.</summary>
    public bool TryTakeOver()
    {
        var (calls, position) = (_calls, _position);
        if (position >= calls.Count || !calls[position].GiveUp(patience))
            return false;
        // The thread that hangs is in that call, wherever the round had come to since it was looked at
        _position++;
        return true;
    }
}
