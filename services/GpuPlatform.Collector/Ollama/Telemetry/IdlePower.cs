namespace GpuPlatform.Collector.Ollama.Telemetry;

/// <summary>
/// The power of a GPU without requests: the lowest of this period and the one before. Older ones do not count, since a GPU idles at another power when
/// a screen was plugged in or a model stays in its memory.
/// </summary>
/// <param name="period">Length of a period, in timestamps.</param>
internal sealed class IdlePower(long period)
{
    private double? _before;
    private double? _now;
    private long _began = long.MinValue;

    public double? Watts => _now is { } now && !(_before < now) ? now : _before;

    public void Note(long at, double watts)
    {
        if (_began == long.MinValue || at - _began >= period)
        {
            (_before, _now, _began) = (_began != long.MinValue && at - _began < 2 * period ? _now : null, null, at);
        }
        _now = _now < watts ? _now : watts;
    }
}
