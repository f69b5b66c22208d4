namespace GpuPlatform.Collector.Capacity;

/// <summary>How the used memory of one GPU moves: the slope of a line through a reading every ten seconds, over five minutes.</summary>
internal sealed class MemoryTrend
{
    private const int MostReadings = 30;
    private const int FewestReadings = 3;
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(10);

    private readonly Queue<(DateTimeOffset At, long Bytes)> _readings = new(MostReadings);
    private DateTimeOffset? _lastAt;

    public void Note(DateTimeOffset at, long usedBytes)
    {
        // A clock that was set back must not silence it until it has caught up
        if (_lastAt is { } last && (at - last).Duration() < Step) return;
        if (_lastAt > at) _readings.Clear();
        _lastAt = at;
        if (_readings.Count == MostReadings) _readings.Dequeue();
        _readings.Enqueue((at, usedBytes));
    }

    /// <summary>In bytes a minute; null before there are several readings.</summary>
    public double? PerMinute()
    {
        if (_readings.Count < FewestReadings) return null;
        var origin = _readings.Peek().At;
        var (meanX, meanY) = (_readings.Average(reading => (reading.At - origin).TotalMinutes), _readings.Average(reading => (double)reading.Bytes));
        double covariance = 0, variance = 0;
        foreach (var (at, bytes) in _readings)
        {
            var x = (at - origin).TotalMinutes - meanX;
            covariance += x * (bytes - meanY);
            variance += x * x;
        }
        return variance > 0 ? covariance / variance : null;
    }
}
