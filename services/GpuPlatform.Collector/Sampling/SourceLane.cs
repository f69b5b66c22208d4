namespace GpuPlatform.Collector.Sampling;

/// <summary>The way of one source through the ticks: opened at every tick where that is cheap, and now and then where it failed.</summary>
internal sealed class SourceLane(IGpuSource source, TimeSpan retryInterval, TimeProvider clock) : DriverCall(clock)
{
    private readonly TimeProvider _clock = clock;
    private IReadOnlyList<IGpu> _gpus = [];
    private SourceInfo _info = source.Info;
    private long? _failedAt;
    private bool _open;

    /// <summary>The GPUs of the source as it last opened. While it is stuck in opening they stay, and are not to be asked.</summary>
    public IReadOnlyList<IGpu> Gpus { get; private set; } = [];

    /// <summary>Takes over what the call found. Whatever a call that was given up still finds waits for the next one.</summary>
    public void Conclude()
    {
        if (!IsStalled)
            Gpus = _open ? _gpus : [];
    }

    public SourceInfo Info => IsStalled
        ? _info with { UnavailableReason = $"{_info.Name}: the driver has not answered for {Age.TotalSeconds:F0} s, and is waited for" }
        : Failure is { } failure ? _info with { UnavailableReason = $"{_info.Name}: {failure.Message}" }
        : _info;

    protected override void Execute()
    {
        if (_failedAt is { } failedAt && _clock.GetElapsedTime(failedAt) < retryInterval)
            return;
        // Should it throw, it is not open
        _open = false;
        _failedAt = _clock.GetTimestamp();
        _open = source.Open();
        (_info, _gpus) = (source.Info, source.Gpus);
        if (_open)
            _failedAt = null;
    }
}
