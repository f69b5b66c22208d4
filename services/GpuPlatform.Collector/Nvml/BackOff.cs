namespace GpuPlatform.Collector.Nvml;

/// <summary>Pauses between attempts, each twice as long as the one before.</summary>
internal sealed class BackOff(TimeSpan first, TimeSpan longest)
{
    private TimeSpan? _last;

    public TimeSpan Next()
    {
        var next = _last * 2 ?? first;
        _last = next < longest ? next : longest;
        return _last.Value;
    }

    public void Reset() => _last = null;
}
