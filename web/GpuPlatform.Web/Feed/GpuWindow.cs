namespace GpuPlatform.Web.Feed;

/// <summary>The last minutes of one GPU: live readings, with History's averages where no live reading was heard. Not thread-safe.</summary>
internal sealed class GpuWindow
{
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(10);

    // A collector's clock may be a little ahead; a reading from further ahead would push all others out of the window
    private static readonly TimeSpan MaxAhead = TimeSpan.FromMinutes(2);

    private readonly List<GpuReading> _readings = [];

    public IReadOnlyList<GpuReading> Readings => _readings;

    /// <summary>Expected distance of two readings: the wider of History's step and what is usual among the readings held.</summary>
    public TimeSpan Step
    {
        get
        {
            var usual = UsualDistance();
            return usual > HistoryStep ? usual : HistoryStep;
        }
    }

    private TimeSpan HistoryStep { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Appends a live reading; false when it is not newer than the last one or lies outside the window.</summary>
    public bool Add(GpuReading reading, DateTimeOffset now)
    {
        if (!IsWithin(reading.At, now) || (_readings.Count > 0 && reading.At <= _readings[^1].At)) return false;
        _readings.Add(reading);
        Trim(now);
        return true;
    }

    /// <summary>Fills steps without a live reading; false when there were none to fill.</summary>
    public bool Backfill(IEnumerable<GpuReading> points, TimeSpan step, DateTimeOffset now)
    {
        if (step > TimeSpan.Zero) HistoryStep = step;
        Trim(now);
        var missing = points.Where(point => IsWithin(point.At, now) && !HasReadingWithin(point.At, HistoryStep))
            .DistinctBy(point => point.At).ToList();
        if (missing.Count == 0) return false;
        _readings.AddRange(missing);
        _readings.Sort(static (left, right) => left.At.CompareTo(right.At));
        return true;
    }

    /// <summary>Forgets what is older than the window.</summary>
    public void Trim(DateTimeOffset now) => _readings.RemoveAll(reading => !IsWithin(reading.At, now));

    private static bool IsWithin(DateTimeOffset at, DateTimeOffset now) => at >= now - Length && at <= now + MaxAhead;

    private bool HasReadingWithin(DateTimeOffset start, TimeSpan step)
    {
        var index = FirstAtOrAfter(start);
        return index < _readings.Count && _readings[index].At < start + step;
    }

    private int FirstAtOrAfter(DateTimeOffset at)
    {
        var (low, high) = (0, _readings.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_readings[middle].At < at) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private TimeSpan UsualDistance()
    {
        if (_readings.Count < 3) return TimeSpan.Zero;
        var distances = new long[_readings.Count - 1];
        for (var i = 0; i < distances.Length; i++) distances[i] = (_readings[i + 1].At - _readings[i].At).Ticks;
        Array.Sort(distances);
        return TimeSpan.FromTicks(distances[distances.Length / 2]);
    }
}
