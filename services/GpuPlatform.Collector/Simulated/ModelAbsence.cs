namespace GpuPlatform.Collector.Simulated;

/// <summary>
/// When the invented model was out of memory because somebody told it to leave, in seconds since the scene began. Only the future can still be changed: what was
/// once true of an instant stays so.
/// </summary>
internal sealed class ModelAbsence
{
    private readonly Lock _lock = new();
    private volatile Span[] _spans = [];

    /// <summary>It leaves at that instant, or earlier if it is gone already, and stays away.</summary>
    public void Begin(double seconds)
    {
        lock (_lock)
            _spans = _spans is [.. var before, var last] && last.To > seconds ? [.. before, last with { To = double.PositiveInfinity }]
                : [.. _spans, new(seconds, double.PositiveInfinity)];
    }

    /// <summary>It is back at that instant, or earlier if it is on its way already.</summary>
    public void End(double seconds)
    {
        lock (_lock)
        {
            if (_spans is [.. var before, { To: double.PositiveInfinity } last])
                _spans = [.. before, last with { To = Math.Max(last.From, seconds) }];
        }
    }

    /// <summary>Whether it is away then.</summary>
    public bool At(double seconds) => Last(seconds) is { } span && seconds < span.To;

    /// <summary>How often it had come back by then, and when last; 0 and null: never.</summary>
    public (int Count, double? LastAt) Returns(double seconds)
    {
        var spans = _spans;
        var count = spans.Length;
        while (count > 0 && spans[count - 1].To > seconds) count--;
        return (count, count == 0 ? null : spans[count - 1].To);
    }

    // What is asked about lies near the end
    private Span? Last(double seconds)
    {
        var spans = _spans;
        for (var i = spans.Length - 1; i >= 0; i--)
            if (spans[i].From <= seconds) return spans[i];
        return null;
    }

    private sealed record Span(double From, double To);
}
