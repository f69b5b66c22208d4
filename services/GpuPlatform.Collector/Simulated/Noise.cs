namespace GpuPlatform.Collector.Simulated;

/// <summary>Smooth noise that is a function of seed, channel and time alone: no state, so any instant can be asked at any time.</summary>
internal sealed class Noise(int seed)
{
    /// <summary>A value between -1 and 1 that wanders within about <paramref name="periodSeconds"/>.</summary>
    public double At(int channel, double seconds, double periodSeconds)
    {
        var position = seconds / periodSeconds;
        var cell = Math.Floor(position);
        var t = position - cell;
        var eased = t * t * (3 - 2 * t);
        return Point(channel, (long)cell) * (1 - eased) + Point(channel, (long)cell + 1) * eased;
    }

    // splitmix64: HashCode is seeded anew in every process and would not repeat
    private double Point(int channel, long cell)
    {
        unchecked
        {
            var z = (ulong)cell * 0x9E3779B97F4A7C15 + ((ulong)(uint)seed << 32 | (uint)channel);
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            z ^= z >> 31;
            return z / (double)ulong.MaxValue * 2 - 1;
        }
    }
}
