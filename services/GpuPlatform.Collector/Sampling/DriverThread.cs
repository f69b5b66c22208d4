namespace GpuPlatform.Collector.Sampling;

/// <summary>
/// Makes driver calls one after another on a thread of its own. When a call hangs the thread is left to it and another goes on with the rest, so
/// that whoever asks is held up no longer than its patience. For what is seldom: a tick has <see cref="DriverRound"/>; see decision 013.
/// </summary>
internal sealed class DriverThread(TimeSpan patience) : IDisposable
{
    // Only a round that takes this long looks at the clock at all
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    private Worker? _worker;

    /// <summary>Makes every call that is not stalled. Returns when each has come back or was given up; not to be used by two at once.</summary>
    public void Run(IReadOnlyList<DriverCall> calls)
    {
        for (var next = 0; next < calls.Count;)
        {
            _worker ??= new Worker();
            _worker.Begin(calls, next);
            next = WaitForEnd(_worker, calls);
        }
    }

    public void Dispose()
    {
        _worker?.Dispose();
        _worker = null;
    }

    private int WaitForEnd(Worker worker, IReadOnlyList<DriverCall> calls)
    {
        while (!worker.WaitForEnd(LookInterval))
        {
            var position = worker.Position;
            if (!calls[position].GiveUp(patience))
                continue;
            // It ends by itself when its call comes back, if ever
            _worker = null;
            return position + 1;
        }
        return calls.Count;
    }

    private sealed class Worker : IDisposable
    {
        private readonly AutoResetEvent _begin = new(initialState: false);
        private readonly AutoResetEvent _ended = new(initialState: false);
        private IReadOnlyList<DriverCall> _calls = [];
        private volatile int _position;
        private volatile bool _dismissed;

        public Worker() => new Thread(Work) { IsBackground = true, Name = "driver calls" }.Start();

        /// <summary>The call it is at.</summary>
        public int Position => _position;

        public void Begin(IReadOnlyList<DriverCall> calls, int first)
        {
            (_calls, _position) = (calls, first);
            _begin.Set();
        }

        public bool WaitForEnd(TimeSpan time) => _ended.WaitOne(time);

        public void Dispose()
        {
            _dismissed = true;
            _begin.Set();
        }

        private void Work()
        {
            using (_begin)
            using (_ended)
                while (_begin.WaitOne() && !_dismissed && MakeCalls())
                    _ended.Set();
        }

        private bool MakeCalls()
        {
            for (var i = _position; i < _calls.Count; i++)
            {
                _position = i;
                if (!_calls[i].IsStalled && !_calls[i].Run())
                    return false;
            }
            return true;
        }
    }
}
