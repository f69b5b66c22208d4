namespace GpuPlatform.Collector.Sampling;

/// <summary>Two ways to the same GPUs: the second one reads while the first cannot, which is tried again now and then.</summary>
internal sealed class FallbackSource(IGpuSource first, IGpuSource second, TimeSpan retryInterval, TimeProvider clock) : IGpuSource
{
    private long? _firstFailedAt;
    private bool _isSecond;

    private IGpuSource Current => _isSecond ? second : first;

    public SourceInfo Info => Current.Info;

    public IReadOnlyList<IGpu> Gpus => Current.Gpus;

    public bool Open()
    {
        if (_firstFailedAt is not { } failedAt || clock.GetElapsedTime(failedAt) >= retryInterval)
        {
            _isSecond = false;
            if (first.Open())
            {
                _firstFailedAt = null;
                return true;
            }
            _firstFailedAt = clock.GetTimestamp();
        }
        // When neither reads, the reason that counts is the first one's: the second was only a way around it
        _isSecond = second.Open();
        return _isSecond;
    }

    public void Dispose()
    {
        first.Dispose();
        second.Dispose();
    }
}
