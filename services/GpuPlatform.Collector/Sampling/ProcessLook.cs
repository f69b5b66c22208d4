using System.Threading.Channels;
using GpuPlatform.Collector.Guard;
using GpuPlatform.Collector.Ollama.Models;

namespace GpuPlatform.Collector.Sampling;

/// <summary>
/// Looks at the process lists because something happened on the host. To ask the driver takes its lock, so it is asked only where there may be an answer:
/// when a process that began has opened a GPU, which its open files tell. A program opens the GPU some time after it has begun, and is on the driver's list
/// some time after that: hence it is watched for a minute, ever less often. That a process has ended the kernel says. While nothing happens nothing is
/// asked, and however much happens the driver is asked so often only.
/// </summary>
/// <param name="lists">The driver's lists.</param>
/// <param name="opened">Whether a process has opened a GPU; null: it cannot be told.</param>
/// <param name="living">The processes on GPUs, as far as known.</param>
/// <param name="pace">How often the lists are read anyway.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class ProcessLook(
    IProcessLists lists, Func<int, bool?> opened, LiveProcesses living, SamplingPace pace, TimeProvider clock, ILogger<ProcessLook> logger) : BackgroundService
{
    /// <summary>Looks that may follow each other without waiting for the allowance to grow again.</summary>
    internal const int MostAtOnce = 10;

    /// <summary>Looks for a process that has opened a GPU and is on no list: the last one about 13 s after the first.</summary>
    internal const int MostLooks = 8;

    /// <summary>How long a process that opens no GPU is watched.</summary>
    internal static readonly TimeSpan WatchedFor = TimeSpan.FromMinutes(1);

    // Between two readings of the lists so many more are allowed: where programs open GPUs all day long the driver is asked that much more often, not more
    private const int LooksPerInterval = 10;
    private const int MostEvents = 1024;
    private const int MostYoung = 512;

    // In place of a process that has no number here
    private const int Somebody = 0;

    private static readonly TimeSpan ShortestRest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SecondLook = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly Channel<ProcessEvent> _events = Channel.CreateBounded<ProcessEvent>(new BoundedChannelOptions(MostEvents) { SingleReader = true });
    private readonly Nudge _nudge = new(clock);
    private readonly Dictionary<int, Young> _young = [];
    private readonly List<int> _due = [];
    private double _allowance = MostAtOnce;
    private long _allowanceAt = clock.GetTimestamp();
    private long? _lookedAt;
    private volatile bool _isAsked;
    private volatile bool _hasLostEvents;
    private bool _isWanted;
    private bool _areEndsWanted;
    private bool _isEndCertain;
    private bool _hasFailed;

    /// <summary>Looks at the driver's lists since start.</summary>
    public long LookCount { get; private set; }

    /// <summary>Wants a look. From any thread, at any rate.</summary>
    public void Ask()
    {
        _isAsked = true;
        _nudge.Set();
    }

    /// <summary>Says what happened. From any thread, at any rate.</summary>
    public void Note(IReadOnlyList<ProcessEvent> events)
    {
        foreach (var one in events)
            if (!_events.Writer.TryWrite(one))
                _hasLostEvents = true;
        _nudge.Set();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (true)
            await _nudge.WaitAsync(Step(), stoppingToken);
    }

    /// <summary>Does what is due, and returns how long there is nothing to do.</summary>
    internal TimeSpan Step()
    {
        try
        {
            var now = clock.GetTimestamp();
            TakeEvents(now);
            var next = Watch(now);
            if (_isAsked)
                (_isAsked, _isWanted) = (false, true);
            // Whoever comes while a game runs is seen when it has ended
            _isWanted &= !pace.GameMode;
            if (!_isWanted)
                return next;
            if (UntilAllowed() is { Ticks: > 0 } wait)
                return next == Timeout.InfiniteTimeSpan || wait < next ? wait : next;
            Look();
            _hasFailed = false;
            return next;
        }
        catch (Exception e)
        {
            if (!_hasFailed)
                Log.Failed(logger, e);
            _hasFailed = true;
            return LongestPause;
        }
    }

    private void TakeEvents(long now)
    {
        if (_hasLostEvents)
        {
            _hasLostEvents = false;
            _areEndsWanted = true;
            Begin(Somebody, now);
        }
        while (_events.Reader.TryRead(out var one))
        {
            if (!one.HasEnded)
                Begin(one.Pid ?? Somebody, now);
            else if (one.Pid is not { } pid)
                _areEndsWanted |= !living.IsEmpty;
            else
            {
                _young.Remove(pid);
                _isEndCertain |= living.Holds(pid);
            }
        }
        if (_areEndsWanted || _isEndCertain)
            _areEndsWanted = !lists.LookForEnds(_isEndCertain);
        _isEndCertain &= _areEndsWanted;
    }

    private void Begin(int pid, long now)
    {
        // Another program in a process that is on a GPU has not opened it yet
        _isWanted |= pid != Somebody && living.Holds(pid);
        if (_young.Count < MostYoung)
            _young[pid] = new Young(now, now, 0);
        else
            _young[Somebody] = new Young(now, now, 0);
    }

    /// <summary>Looks at young processes, and returns how long none is due.</summary>
    private TimeSpan Watch(long now)
    {
        var next = _areEndsWanted ? LongestPause : Timeout.InfiniteTimeSpan;
        _due.Clear();
        foreach (var (pid, young) in _young)
            if (young.DueAt <= now)
                _due.Add(pid);
        foreach (var pid in _due)
            Watch(pid, _young[pid], now);
        foreach (var young in _young.Values)
            if (clock.GetElapsedTime(now, young.DueAt) is var rest && (next == Timeout.InfiniteTimeSpan || rest < next))
                next = rest;
        return next;
    }

    private void Watch(int pid, Young young, long now)
    {
        var (age, looks) = (clock.GetElapsedTime(young.BeganAt, now), young.LookCount);
        TimeSpan pause;
        if (pid != Somebody && opened(pid) == false)
        {
            if (age >= WatchedFor)
            {
                _young.Remove(pid);
                return;
            }
            pause = TimeSpan.FromTicks(Math.Clamp(age.Ticks / 4, FirstPause.Ticks, LongestPause.Ticks));
        }
        else if (looks == MostLooks || looks > 0 && pid != Somebody && living.Holds(pid))
        {
            _young.Remove(pid);
            return;
        }
        else
        {
            _isWanted = true;
            pause = SecondLook * (1 << looks++);
        }
        _young[pid] = new Young(young.BeganAt, now + (long)(pause.TotalSeconds * clock.TimestampFrequency), looks);
    }

    private TimeSpan UntilAllowed()
    {
        var (refill, now) = (Refill(), clock.GetTimestamp());
        var allowed = _allowance >= 1 ? TimeSpan.Zero : refill * (1 - _allowance);
        var spaced = _lookedAt is { } at ? ShortestRest - clock.GetElapsedTime(at, now) : TimeSpan.Zero;
        return spaced > allowed ? spaced : allowed;
    }

    private TimeSpan Refill()
    {
        var (refill, now) = (pace.ProcessInterval / LooksPerInterval, clock.GetTimestamp());
        _allowance = Math.Min(MostAtOnce, _allowance + clock.GetElapsedTime(_allowanceAt, now) / refill);
        _allowanceAt = now;
        return refill;
    }

    private void Look()
    {
        _isWanted = false;
        _allowance = Math.Max(0, _allowance - 1);
        _lookedAt = clock.GetTimestamp();
        lists.LookAtProcesses();
        LookCount++;
    }

    /// <param name="BeganAt">Timestamp of its beginning.</param>
    /// <param name="DueAt">When it is to be looked at.</param>
    /// <param name="LookCount">How often the lists were asked for because of it.</param>
    private readonly record struct Young(long BeganAt, long DueAt, int LookCount);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "A look at the process lists failed; it is tried again, and further failures are not told")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
