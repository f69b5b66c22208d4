namespace GpuPlatform.Collector.Processes;

/// <summary>
/// The instant of the host's boot. The kernel derives it from the wall clock in whole seconds, so it wobbles by one and moves when the
/// clock is set: a wobble is ignored, a step counts for processes that are seen for the first time after it.
/// </summary>
internal sealed class BootTime(string proc)
{
    private static readonly TimeSpan Wobble = TimeSpan.FromSeconds(2);

    private readonly string _path = Path.Combine(proc, "stat");
    private DateTimeOffset? _at;
    private bool _isFresh;

    /// <summary>From now on it is read again before it is used.</summary>
    public void Expire() => _isFresh = false;

    /// <summary>Null where the kernel does not say.</summary>
    public DateTimeOffset? At()
    {
        if (_isFresh && _at is not null)
            return _at;
        if (Read() is { } now && (_at is not { } then || (now - then).Duration() >= Wobble))
            _at = now;
        _isFresh = true;
        return _at;
    }

    private DateTimeOffset? Read()
    {
        try
        {
            var line = File.ReadLines(_path).FirstOrDefault(l => l.StartsWith("btime ", StringComparison.Ordinal));
            return line is not null && long.TryParse(line.AsSpan(6), out var seconds) && seconds is > 0 and < 253_402_300_000
                ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
