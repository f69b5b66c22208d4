using GpuPlatform.Contracts;

namespace GpuPlatform.Collector.Guard;

/// <summary>Follows the processes of one GPU from look to look: since when each is there, and since when it draws a lot.</summary>
internal sealed class ProcessWatch(TakerRules rules)
{
    private readonly Dictionary<(int Pid, DateTimeOffset StartedAt), Seen> _seen = [];

    /// <summary>The one that takes the GPU first, and when to ask again though nothing changes.</summary>
    /// <param name="processes">The foreign ones, with what they used and what was said of them.</param>
    /// <param name="readAt">When the list was last read: two looks at one reading say no more than one.</param>
    /// <param name="now">Now.</param>
    public Judgement Look(IEnumerable<(GpuProcessObserved Facts, GpuProcessUsage? Usage, ReceivedVerdict? Verdict)> processes, DateTimeOffset? readAt, TimeSpan now)
    {
        var (taker, again) = ((Taker?)null, (TimeSpan?)null);
        var gone = _seen.Keys.ToHashSet();
        foreach (var (facts, usage, verdict) in processes)
        {
            var key = (facts.Pid, facts.StartedAt);
            gone.Remove(key);
            if (!_seen.TryGetValue(key, out var seen)) _seen.Add(key, seen = new Seen(now));
            var process = new ForeignProcess(facts, usage, seen.FirstSeen) { Verdict = verdict };
            if (seen.ReadAt != readAt) seen.Note(rules.IsHeavy(facts.Context, process.MemoryBytes, process.SmPercent), readAt, now);
            var judged = rules.Judge(process with { HeavySince = seen.HeavySince, HeavySeen = seen.HeavySeen }, now);
            if (judged.AskAgainAt is { } at && (again is null || at < again)) again = at;
            if (judged.Taker is { } one && (taker is null || IsBefore(one, taker))) taker = one;
        }
        foreach (var key in gone) _seen.Remove(key);
        return new Judgement(taker, again);
    }

    // A game speaks for the GPU before others do; else who was there first, so that the reason does not change from look to look
    private static bool IsBefore(Taker one, Taker other) =>
        one.IsGame != other.IsGame ? one.IsGame : one.Since != other.Since ? one.Since < other.Since : one.Process.Pid < other.Process.Pid;

    private sealed class Seen(TimeSpan firstSeen)
    {
        public TimeSpan FirstSeen => firstSeen;
        public TimeSpan? HeavySince { get; private set; }
        public TimeSpan HeavySeen { get; private set; }
        public DateTimeOffset? ReadAt { get; private set; }

        public void Note(bool isHeavy, DateTimeOffset? readAt, TimeSpan now)
        {
            ReadAt = readAt;
            HeavySince = isHeavy ? HeavySince ?? now : null;
            if (isHeavy) HeavySeen = now;
        }
    }
}
