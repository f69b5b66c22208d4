namespace GpuPlatform.Collector.Ollama.Telemetry;

/// <summary>
/// Who has taken which share of one GPU's energy. Requests that overlap share it by the tokens they worked on at the time; what one was given is gone, so
/// that all of them together never get more than the board took. Not safe for several threads.
/// </summary>
internal sealed class EnergyClaims
{
    internal const int Capacity = 16_384;

    // The share that is gone from this instant on, until the next step
    private readonly List<(long At, double Taken)> _steps = [];

    public int Count => _steps.Count;

    /// <summary>
    /// Gives a request its part of the energy over its spans, and notes that it is given. Null, and nothing is given, when a part of the time is not known.
    /// </summary>
    public EnergyShare? Take(IReadOnlyList<WorkSpan> own, IReadOnlyList<WorkSpan> rivals, EnergyTimeline energy)
    {
        var (joules, idle, idleWatts) = (0.0, 0.0, energy.IdleWatts);
        var pieces = own.SelectMany(span => Pieces(span, [.. rivals.Where(rival => rival.From < span.To && rival.To > span.From)])).ToList();
        foreach (var (from, to, share) in pieces)
        {
            if (energy.Between(from, to) is not { } used) return null;
            joules += share * used;
            idle += share * Math.Min(used, energy.Seconds(from, to) * (idleWatts ?? 0));
        }
        foreach (var (from, to, share) in pieces) Note(from, to, share);
        return new EnergyShare(joules, idleWatts is null ? null : idle);
    }

    /// <summary>Forgets what no request can touch any more.</summary>
    public void ForgetBefore(long instant)
    {
        var gone = 0;
        while (gone < _steps.Count && (gone + 1 == _steps.Count ? instant == long.MaxValue : _steps[gone + 1].At <= instant)) gone++;
        _steps.RemoveRange(0, gone);
    }

    private List<(long From, long To, double Share)> Pieces(WorkSpan span, List<WorkSpan> rivals)
    {
        var edges = new SortedSet<long> { span.From, span.To };
        foreach (var rival in rivals)
        {
            edges.Add(Math.Max(span.From, rival.From));
            edges.Add(Math.Min(span.To, rival.To));
        }
        for (var i = IndexAt(span.From) + 1; i < _steps.Count && _steps[i].At < span.To; i++) edges.Add(_steps[i].At);
        return [.. edges.Zip(edges.Skip(1), (from, to) => (from, to, Share(span, rivals, from, to)))];
    }

    // Of a request whose tokens are not known yet it is assumed that it is as fast as this one
    private double Share(WorkSpan span, List<WorkSpan> rivals, long from, long to)
    {
        var all = 1.0;
        foreach (var rival in rivals)
            if (rival.From <= from && rival.To >= to) all += span.Rate is { } own && rival.Rate is { } other ? other / own : 1;
        return Math.Max(0, 1 - TakenAt(from)) / all;
    }

    private double TakenAt(long instant) => IndexAt(instant) is >= 0 and var index ? _steps[index].Taken : 0;

    private void Note(long from, long to, double share)
    {
        var (first, end) = (Step(from), Step(to));
        for (var i = first; i < end; i++) _steps[i] = _steps[i] with { Taken = _steps[i].Taken + share };
        // A flood of requests under one that runs for hours: what they took first is forgotten first
        if (_steps.Count > Capacity) _steps.RemoveRange(0, _steps.Count - Capacity);
    }

    // The index of the step at this instant, made if there is none
    private int Step(long instant)
    {
        var index = IndexAt(instant);
        if (index >= 0 && _steps[index].At == instant) return index;
        _steps.Insert(index + 1, (instant, index >= 0 ? _steps[index].Taken : 0));
        return index + 1;
    }

    // The last step at or before this instant; -1 when there is none
    private int IndexAt(long instant)
    {
        var (low, high) = (0, _steps.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_steps[middle].At <= instant) low = middle + 1;
            else high = middle;
        }
        return low - 1;
    }
}
