namespace GpuPlatform.Collector.Ollama.Tap;

/// <summary>How fast the pieces of a reply come now. One thread writes it, any may ask.</summary>
internal sealed class RecentRate(TimeProvider time)
{
    private const int WindowMs = 5000;

    // Marks enough for the window, and some that are behind it while the oldest is written over
    private const int StepMs = 500;
    private const int MarkCount = 16;

    // Milliseconds since the first piece, and the pieces then, in one word so that nobody sees half of it
    private readonly long[] _marks = new long[MarkCount];
    private long _startedAt;
    private int _written;

    /// <summary>A piece came, and with it there are so many.</summary>
    public void Take(long now, long count)
    {
        if (_written == 0) _startedAt = now;
        var at = Milliseconds(now);
        if (_written > 0 && at - (_marks[(_written - 1) % MarkCount] >> 32) < StepMs) return;
        Volatile.Write(ref _marks[_written % MarkCount], at << 32 | (uint)count);
        Volatile.Write(ref _written, _written + 1);
    }

    /// <summary>Pieces per second over the last five seconds, or since the first; null before two.</summary>
    public double? PerSecond(long now, long count)
    {
        var written = Volatile.Read(ref _written);
        if (written == 0 || count < 2) return null;
        var current = Milliseconds(now);
        var (at, then) = (0L, 0L);
        for (var index = written - 1; index >= Math.Max(0, written - MarkCount + 1); index--)
        {
            var mark = Volatile.Read(ref _marks[index % MarkCount]);
            (at, then) = (mark >> 32, (uint)mark);
            if (at <= current - WindowMs) break;
        }
        return current > at ? Math.Max(0, count - then) * 1e3 / (current - at) : null;
    }

    private long Milliseconds(long now) => Math.Clamp((long)time.GetElapsedTime(_startedAt, now).TotalMilliseconds, 0, int.MaxValue);
}
