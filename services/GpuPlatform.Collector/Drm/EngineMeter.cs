using System.Runtime.InteropServices;

namespace GpuPlatform.Collector.Drm;

/// <summary>What tells one client of a card from another: its number; where the driver gives none, the process and its file.</summary>
internal readonly record struct ClientKey(ulong Id, int Pid);

/// <summary>
/// From the ever growing times of engines to shares between two measurements. A time that goes back stays at the larger one until it is
/// passed, as the kernel asks for, but not for ever; one that jumps further than time can is not compared with.
/// </summary>
internal sealed class EngineMeter(TimeProvider clock)
{
    private const double ImpossiblePercent = 400;
    private const double ShortestNanoseconds = 1e6;
    private const int LongestBehind = 5;

    private readonly Dictionary<ClientKey, Known> _known = [];
    private readonly List<ClientKey> _gone = [];
    private long _now;
    private long _round;

    /// <summary>Begins a measurement of all clients.</summary>
    public void Begin() => (_now, _round) = (clock.GetTimestamp(), _round + 1);

    /// <summary>Shares of one client since it was last measured; null the first time, and where its driver does not say.</summary>
    public EngineShares? Measure(ClientKey client, in Fdinfo usage)
    {
        if (usage.Clock == EngineClock.None)
            return null;
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_known, client, out _);
        known.Round = _round;
        if (!known.IsComparable)
        {
            known.Take(usage, _now);
            return null;
        }
        var nanoseconds = clock.GetElapsedTime(known.At, _now).TotalNanoseconds;
        // Asked twice at once: the older measurement stays to be compared with
        if (nanoseconds < ShortestNanoseconds)
            return null;
        var shares = Compare(ref known, usage, nanoseconds);
        // Which of the two was wrong shows next time
        known.IsComparable = shares is not null && known.BehindCount <= LongestBehind;
        known.At = _now;
        return known.IsComparable ? shares : null;
    }

    /// <summary>Ends a measurement: clients not among it are gone.</summary>
    public void End()
    {
        _gone.Clear();
        foreach (var (client, known) in _known)
            if (known.Round != _round)
                _gone.Add(client);
        foreach (var client in _gone)
            _known.Remove(client);
    }

    private static EngineShares? Compare(ref Known known, in Fdinfo usage, double nanoseconds)
    {
        var shares = default(EngineShares);
        var isBehind = false;
        for (var i = 0; i < EngineValues<ulong>.Count; i++)
        {
            isBehind |= usage.Busy[i] < known.Busy[i] || usage.Total[i] < known.Total[i];
            var busy = Math.Max(usage.Busy[i], known.Busy[i]);
            var total = Math.Max(usage.Total[i], known.Total[i]);
            var passed = usage.Clock == EngineClock.Nanoseconds ? nanoseconds : total - known.Total[i];
            var percent = busy == known.Busy[i] ? 0 : 100d * (busy - known.Busy[i]) / (passed * Math.Max(1, usage.Capacity[i]));
            if (!(percent <= ImpossiblePercent))
                return null;
            shares[(Engine)i] = percent;
            (known.Busy[i], known.Total[i]) = (busy, total);
        }
        known.BehindCount = isBehind ? known.BehindCount + 1 : 0;
        return shares;
    }

    private struct Known
    {
        public long At;
        public long Round;
        public int BehindCount;
        public bool IsComparable;
        public EngineValues<ulong> Busy;
        public EngineValues<ulong> Total;

        public void Take(in Fdinfo usage, long now) => (Busy, Total, At, BehindCount, IsComparable) = (usage.Busy, usage.Total, now, 0, true);
    }
}
