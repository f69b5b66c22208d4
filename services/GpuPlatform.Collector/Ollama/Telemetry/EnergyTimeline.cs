namespace GpuPlatform.Collector.Ollama.Telemetry;

/// <summary>
/// The energy of one GPU over time, as a sum that grows with every sample. Of bounded size: when it is full, every second point of the older half goes.
/// What is left stays exact, since a point holds the sum.
/// </summary>
/// <param name="frequency">Timestamps in a second.</param>
/// <param name="longestGap">Timestamps between two samples beyond which nothing is known of the time between.</param>
/// <param name="leastSpacing">Timestamps that at least lie between two points that are kept.</param>
internal sealed class EnergyTimeline(long frequency, long longestGap, long leastSpacing)
{
    internal const int Capacity = 1024;

    // No board takes so much: a counter that jumped says nothing
    private const double MostWatts = 10_000;

    private readonly Lock _gate = new();
    private readonly Point[] _points = new Point[Capacity];
    private readonly IdlePower _idle = new(frequency * 1800);
    private int _count;
    private double? _watts;
    private double? _counter;

    /// <summary>What the GPU takes without requests; null when it was not seen so.</summary>
    public double? IdleWatts
    {
        get { lock (_gate) return _idle.Watts; }
    }

    public int Count
    {
        get { lock (_gate) return _count; }
    }

    private long LastAt => _count > 0 ? _points[_count - 1].At : long.MinValue;

    public double Seconds(long from, long to) => (double)(to - from) / frequency;

    /// <summary>Takes a sample. Without a reading the time around it is unknown.</summary>
    /// <param name="at">Its timestamp, later than the last.</param>
    /// <param name="watts">Power.</param>
    /// <param name="counter">The GPU's own energy counter, in joules.</param>
    /// <param name="isIdle">No request ran since the last sample.</param>
    public void Add(long at, double? watts, double? counter, bool isIdle)
    {
        lock (_gate)
        {
            if (at <= LastAt) return;
            Keep(_count == 0 ? new Point(at, 0, 0) : After(_points[_count - 1], at, watts, counter, isIdle));
            (_watts, _counter) = (watts, counter);
        }
    }

    /// <summary>Energy between two instants, in joules; null when a part of the time is not known.</summary>
    public double? Between(long from, long to)
    {
        lock (_gate)
        {
            if (_count == 0 || from < _points[0].At || to > LastAt || to < from) return null;
            var (start, end) = (At(from), At(to));
            return end.UnknownSeconds - start.UnknownSeconds > 1e-6 ? null : Math.Max(0, end.Joules - start.Joules);
        }
    }

    private Point After(Point last, long at, double? watts, double? counter, bool isIdle)
    {
        var seconds = Seconds(last.At, at);
        var joules = at - last.At <= longestGap ? Used(watts, counter, seconds) : null;
        if (isIdle && joules is { } used) _idle.Note(at, used / seconds);
        return new Point(at, last.Joules + (joules ?? 0), last.UnknownSeconds + (joules is null ? seconds : 0));
    }

    // The counter sees what happens between two samples, two readings of the power do not
    private double? Used(double? watts, double? counter, double seconds)
    {
        if (counter - _counter is { } counted && counted >= 0 && counted <= MostWatts * seconds) return counted;
        return (watts + _watts) / 2 is { } mean && mean >= 0 && mean <= MostWatts ? mean * seconds : null;
    }

    private void Keep(Point point)
    {
        if (_count >= 2 && point.At - _points[_count - 2].At < leastSpacing)
        {
            _points[_count - 1] = point;
            return;
        }
        if (_count == Capacity) Thin();
        _points[_count++] = point;
    }

    private void Thin()
    {
        var kept = 0;
        for (var i = 0; i < _count; i++)
            if (i >= Capacity / 2 || i % 2 == 0) _points[kept++] = _points[i];
        _count = kept;
    }

    private Point At(long instant)
    {
        var (low, high) = (0, _count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_points[middle].At < instant) low = middle + 1;
            else high = middle;
        }
        var right = _points[low];
        if (right.At == instant || low == 0) return right;
        var left = _points[low - 1];
        var share = (double)(instant - left.At) / (right.At - left.At);
        return new Point(instant, left.Joules + share * (right.Joules - left.Joules), left.UnknownSeconds + share * (right.UnknownSeconds - left.UnknownSeconds));
    }

    private readonly record struct Point(long At, double Joules, double UnknownSeconds);
}
